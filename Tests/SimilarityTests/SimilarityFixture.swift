import Basics
import Similarity

/// Texts of words drawn from a seed, and careless copies of them.
enum SimilarityFixture {
  static func text(_ wordCount: Int, _ generator: inout SeededGenerator) -> String {
    (0..<wordCount).map { _ in word(&generator) }.joined(separator: " ")
  }

  /// Of a vocabulary of 20,000.
  private static func word(_ generator: inout SeededGenerator) -> String {
    var letters = SeededGenerator(seed: UInt64(generator.below(20_000)))
    return String((0..<2 + letters.below(7)).map { _ in Character(Unicode.Scalar(97 + UInt8(letters.below(26)))) })
  }

  /// The text with a share of its words replaced, one of them at least.
  static func copy(of text: String, changing share: Double, _ generator: inout SeededGenerator) -> String {
    var words = text.split(separator: " ").map(String.init)
    for _ in 0..<max(1, Int(share * Double(words.count))) {
      words[generator.below(words.count)] = word(&generator)
    }
    return words.joined(separator: " ")
  }

  /// By the definition, in sets of texts: the folded text's runs of five characters. ASCII only.
  static func similarity(_ first: String, _ second: String) -> Double {
    let (a, b) = (shingles(first), shingles(second))
    return Double(a.intersection(b).count) / Double(a.union(b).count)
  }

  private static func shingles(_ text: String) -> Set<String> {
    let folded = text.lowercased().split { !($0.isLetter || $0.isNumber) }.joined(separator: " ")
    guard folded.count >= 5 else { return [folded.isEmpty ? text : folded] }
    let characters = Array(folded)
    return Set((0...characters.count - 5).map { String(characters[$0..<$0 + 5]) })
  }
}

/// Of each text, the least number in its set.
func rootsOf(_ texts: [String], threshold: Double, threadCount: Int = 2) async throws -> [Int] {
  let sets = try await NearDuplicateSettings(threshold: threshold).sets(of: texts, threadCount: threadCount)
  return texts.indices.map { sets.root(of: $0) }
}
