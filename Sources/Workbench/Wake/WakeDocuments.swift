import Basics
import Lineage
import Model
import Training

/// Records as training reads them: the bytes of each step as one, then of each step whether the word was just said.
struct WakeDocuments: DocumentSource {
  /// For so many steps behind the word's last one the answer is that it was just said.
  static let saidStepCount = 7
  /// Steps before the last one, and behind those that say so, in which no answer is right or wrong.
  static let vagueStepCount = (before: 4, behind: 3)

  let id: ContentID
  private let documents: [[UInt8]]

  init(_ records: [WakeRecord]) throws {
    id = try ContentID(ofCanonical: records)
    documents = records.map { record in
      let bytes = record.melBytes ?? []
      return bytes + Self.answers(stepCount: bytes.count / MelFrontEnd.partCount, end: record.end)
    }
  }

  var documentCount: Int { documents.count }
  var tokensPerStep: Int? { MelFrontEnd.partCount }
  /// The tokens of the longest, with a separator.
  var longest: Int { (documents.map(\.count).max() ?? 0) + 1 }
  /// What is read of each, without the answers.
  var inputs: [[UInt8]] {
    documents.map { Array($0.prefix($0.count / (MelFrontEnd.partCount + 1) * MelFrontEnd.partCount)) }
  }

  func repeats(of index: Int) -> Int { 1 }

  func read(_ index: Int, into tokens: inout [UInt8]) -> Int? {
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: documents[index])
    return 0
  }

  /// - Parameter end: with which step the word ended; nil where it was not said.
  static func answers(stepCount: Int, end: Int?) -> [UInt8] {
    (0..<stepCount).map { step in
      switch end.map({ step - $0 }) {
      case .some(0..<saidStepCount): WakeWordDetector.saidByte
      case .some(-vagueStepCount.before..<saidStepCount + vagueStepCount.behind): 0
      default: WakeWordDetector.otherByte
      }
    }
  }
}
