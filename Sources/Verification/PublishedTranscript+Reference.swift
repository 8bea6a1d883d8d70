import Basics
import Formats
import Model

extension PublishedTranscript {
  /// Few and short, so that plain Python computes them in seconds.
  public static let answerCount = 4
  public static let generatedByteCount = 16

  /// What the Swift reference answers to the first greedy prompts of a verification.
  /// - Throws: `HintedError` for a damaged image, or vectors without a greedy prompt.
  public init(of bytes: [UInt8], name: String, answering vectors: VerificationVectors) throws {
    let image = try ModelImage(reading: bytes, name: name)
    let excerpt = try VerificationVectors(
      prompts: Array(vectors.prompts.prefix(min(vectors.greedyPromptCount, Self.answerCount))),
      generatedByteCount: min(vectors.generatedByteCount, Self.generatedByteCount),
      contextLength: vectors.contextLength)
    var engine = try image.referenceEngine(contextLength: vectors.contextLength)
    let transcript = try Transcript(of: &engine, answering: excerpt)
    self.init(
      image: ContentID(of: bytes), contextLength: vectors.contextLength,
      answers: zip(excerpt.prompts, transcript.answers).map { Answer(prompt: $0, answer: $1) })
  }
}
