/// Texts that have no label, made of those that have one: without the words that give their labels away. A classifier
/// that has to refuse them learns that a label needs its words (Moon et al., "MASKER: Masked Keyword Regularization for
/// Reliable Text Classification", AAAI 2021, do so within a transformer).
public struct KeywordMask {
  /// Words that are mostly in texts of one label.
  public let keywords: Set<Substring>

  /// Of fewer texts with a word nothing is concluded.
  static let leastTextCount = 8
  /// A text of which less is left says nothing.
  static let leastWordCount = 2

  public init(_ examples: [NgramFitter.Example], labelCount: Int) {
    var counts: [Substring: [Int]] = [:]
    for example in examples {
      guard let label = example.label else { continue }
      for word in Set(Self.words(of: example.text)) {
        counts[word, default: Array(repeating: 0, count: labelCount)][label] += 1
      }
    }
    // By chance a word has 1 / labelCount of its texts in one of them.
    let chance = 1 / Double(max(1, labelCount))
    let least = chance + 0.42 * (1 - chance)
    keywords = Set(
      counts.filter { _, counts in
        let sum = counts.reduce(0, +)
        return sum >= Self.leastTextCount && Double(counts.max() ?? 0) > least * Double(sum)
      }.keys)
  }

  /// Of each text with a label what is left of it, where that is enough.
  public func strangers(of examples: [NgramFitter.Example]) -> [String] {
    examples.compactMap { example in
      guard example.label != nil else { return nil }
      let words = Self.words(of: example.text)
      let rest = words.filter { !keywords.contains($0) }
      return rest.count >= Self.leastWordCount && rest.count < words.count ? rest.joined(separator: " ") : nil
    }
  }

  private static func words(of text: String) -> [Substring] { text.lowercased().split(separator: " ") }
}
