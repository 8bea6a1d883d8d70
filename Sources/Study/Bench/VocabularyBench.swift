import Basics
import Formats
import Lineage
import Vocabularies

/// How long a vocabulary takes to be learned from a text, and how fast the text is then turned into its tokens; on one
/// thread.
public struct VocabularyBench: Codable, Sendable {
  public var processor: String
  /// Absent where the text has no string to offer.
  public var vocabulary: VocabularySummary?
  public var byteCount: Int
  public var tokenCount: Int
  public var learningSeconds: Rounds
  public var encodingBytesPerSecond: Rounds

  /// How much text is measured where nobody asks for another amount.
  public static let standardByteCount = 10_000_000

  /// - Parameters:
  ///   - byteCount: the text is repeated, or cut, to so many bytes.
  ///   - marks: texts whose bytes, except spaces, are in no string.
  /// - Throws: `HintedError` for an empty text.
  public init(_ text: [UInt8], byteCount: Int, marks: [String], roundCount: Int) throws {
    let text = try Self.repeated(text, byteCount)
    let clock = ContinuousClock()
    var (vocabulary, tokens) = (Vocabulary.bytes, [UInt8]())
    var (learning, encoding) = ([Double](), [Double]())
    for _ in 0..<roundCount {
      let learned = try clock.measure {
        var learner = VocabularyLearner(marks: marks)
        learner.add(document: text)
        vocabulary = try learner.learned()
      }
      let encoder = TokenEncoder(vocabulary)
      let encoded = clock.measure { tokens = encoder.encode(text) }
      learning.append(learned / .seconds(1))
      encoding.append(Double(text.count) / max(encoded / .seconds(1), 1e-9))
    }
    processor = Processor.name
    self.vocabulary = VocabularySummary(vocabulary)
    self.byteCount = text.count
    tokenCount = tokens.count
    learningSeconds = Rounds(times: learning)
    encodingBytesPerSecond = Rounds(rates: encoding)
  }

  private static func repeated(_ text: [UInt8], _ byteCount: Int) throws -> [UInt8] {
    guard !text.isEmpty else { throw HintedError("the text is empty", hint: "give a longer text", status: .usage) }
    var result: [UInt8] = []
    result.reserveCapacity(byteCount)
    while result.count < byteCount { result += text.prefix(byteCount - result.count) }
    return result
  }
}
