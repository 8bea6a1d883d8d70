import Basics
import Lineage
import Similarity

/// Finds documents that share words with texts that a student is asked or judged by. A document is refused that
///
/// - has a run of so many words in common with one of them (13, as Brown et al., "Language Models are Few-Shot
///   Learners", NeurIPS 2020, took them), in whatever case and with whatever punctuation;
/// - holds all words of a shorter one in their order, where that has five at least;
/// - is as a whole at least 0.8 alike one of them.
public struct ContaminationIndex: Sendable {
  public static let usualWordCount = 13
  public static let wordCounts = 2...100
  /// Of a text that is shorter than a run, the least words that count when they stand in a document.
  static let leastWordCount = 5
  static let threshold = 0.8

  /// Names the texts and the length of runs.
  public let id: ContentID
  private let texts: [ReferenceText]
  /// By the length of runs, which text each of them is of.
  private let runs: [(wordCount: Int, texts: [UInt64: UInt32])]
  private let near: NearTextIndex
  private let settings: NearDuplicateSettings

  public var count: Int { texts.count }

  /// - Throws: `HintedError` for a length that is none.
  public init(_ texts: [ReferenceText], wordCount: Int = usualWordCount) throws {
    guard Self.wordCounts.contains(wordCount) else {
      throw HintedError(
        "\(wordCount) words in common are not \(Self.wordCounts.lowerBound) to \(Self.wordCounts.upperBound)",
        status: .usage)
    }
    self.texts = texts
    settings = try NearDuplicateSettings(threshold: Self.threshold)
    id = try ContentID(ofCanonical: [[String(wordCount)]] + texts.map { [$0.text] })
    var (words, byCount) = (FoldedWords(), [Int: [UInt64: UInt32]]())
    for (number, text) in texts.enumerated() {
      words.read(text.text)
      let count = min(wordCount, words.hashes.count)
      guard count >= min(Self.leastWordCount, wordCount) else { continue }
      // The first text that holds a run is named.
      for run in words.runs(of: count) where byCount[count]?[run] == nil {
        byCount[count, default: [:]][run] = UInt32(number)
      }
    }
    runs = byCount.sorted { $0.key > $1.key }.map { ($0.key, $0.value) }
    var sketcher = Sketcher(settings)
    near = NearTextIndex(
      texts.map { text in
        var text = text.text
        return text.withUTF8 { sketcher.sketch($0) }
      }, settings)
  }

  /// What a document shares with one of the texts: a sentence with its place.
  public func finding(in text: String) -> String? {
    var words = FoldedWords()
    words.read(text)
    for (count, runs) in runs {
      for (position, run) in words.runs(of: count).enumerated() {
        guard let number = runs[run] else { continue }
        let place = words.places[position].lowerBound..<words.places[position + count - 1].upperBound
        let shown = String(decoding: Array(text.utf8)[place].prefix(200), as: UTF8.self)
        return "\(count) words in common with \(texts[Int(number)].origin): '\(shown)'"
      }
    }
    return findingOfWhole(text)
  }

  private func findingOfWhole(_ text: String) -> String? {
    var (text, sketcher, meter) = (text, Sketcher(settings), JaccardMeter())
    let candidates = text.withUTF8 { near.candidates(for: sketcher.sketch($0)) }
    let similarities = candidates.map { (number: $0, similarity: meter.similarity(texts[$0].text, text)) }
    guard let best = similarities.filter({ $0.similarity >= Self.threshold }).max(by: { $0.similarity < $1.similarity })
    else { return nil }
    return "\(Int((best.similarity * 100).rounded())) % alike \(texts[best.number].origin)"
  }

  func refusal(of text: String) -> Refusal? { finding(in: text).map { Refusal(.contaminated, $0) } }
}

extension ContaminationIndex: Hashable {
  public static func == (left: ContaminationIndex, right: ContaminationIndex) -> Bool { left.id == right.id }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
