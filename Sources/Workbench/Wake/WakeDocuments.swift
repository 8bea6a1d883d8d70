import Basics
import Lineage
import Model
import Training

/// Records as training reads them: each time up to another step, with the answer that is right there.
struct WakeDocuments: DocumentSource {
  /// For so many steps behind the word's last one the answer is that it was just said.
  static let saidStepCount = 7
  /// Steps before the last one in which no answer is right or wrong.
  static let vagueStepCount = 4
  /// No answer is asked for earlier.
  static let leastStepCount = 8

  let id: ContentID
  private let records: [(bytes: [UInt8], end: Int?)]

  init(_ records: [WakeRecord]) throws {
    id = try ContentID(ofCanonical: records)
    self.records = records.map { ($0.melBytes ?? [], $0.end) }
  }

  var documentCount: Int { records.count }
  var longest: Int { records.map(\.bytes.count).max().map { $0 + 1 } ?? 1 }

  /// As they are measured: the wake word to a few steps behind its end, all else to the end.
  var whole: [TokenDocument] {
    records.indices.map { index in
      var tokens: [UInt8] = []
      let start = read(index, into: &tokens)
      return TokenDocument(tokens: tokens, replyStart: start)
    }
  }

  func repeats(of index: Int) -> Int { 1 }

  func read(_ index: Int, into tokens: inout [UInt8]) -> Int? {
    let count = records[index].bytes.count
    return cut(index, records[index].end.map { min(count, $0 + 4) } ?? count, into: &tokens)
  }

  func read(_ index: Int, varied random: SeededGenerator, into tokens: inout [UInt8]) -> Int? {
    var random = random
    let count = records[index].bytes.count
    let least = min(Self.leastStepCount, count)
    guard let end = records[index].end else {
      return cut(index, least + random.below(count - least + 1), into: &tokens)
    }
    let said = end + 1...min(count, end + Self.saidStepCount)
    if random.below(4) > 0 { return cut(index, said.lowerBound + random.below(said.count), into: &tokens) }
    // Before the word ends, or long after.
    let unsaid = Array(
      (least...count).filter { $0 < said.lowerBound - Self.vagueStepCount || $0 > said.upperBound + 2 })
    guard !unsaid.isEmpty else { return cut(index, said.lowerBound, into: &tokens) }
    return cut(index, unsaid[random.below(unsaid.count)], into: &tokens)
  }

  private func cut(_ index: Int, _ stepCount: Int, into tokens: inout [UInt8]) -> Int? {
    let (bytes, end) = records[index]
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: bytes[..<stepCount])
    let isSaid = end.map { $0 < stepCount && stepCount <= $0 + Self.saidStepCount } ?? false
    tokens.append(isSaid ? WakeWordDetector.saidByte : WakeWordDetector.otherByte)
    return stepCount
  }
}
