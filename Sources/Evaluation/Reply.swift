/// What came back for a question.
public struct Reply: Hashable, Sendable {
  /// Up to the end of the document or the line, without it; invalid UTF-8 is replaced.
  public var text: String
  /// Whether it ended by itself, and not by the limit.
  public var isComplete: Bool
  /// Bytes of the request that the student's vocabulary lacks.
  public var unknownByteCount: Int

  public init(text: String, isComplete: Bool = true, unknownByteCount: Int = 0) {
    self.text = text
    self.isComplete = isComplete
    self.unknownByteCount = unknownByteCount
  }
}

/// One way to answer questions: a student on an engine, or a baseline.
public struct Answerer: Sendable {
  /// Stands in the score.
  public var name: String
  /// Answers all of the questions, in their order.
  public var answer: @Sendable ([Question]) async throws -> [Reply]

  public init(name: String, answer: @escaping @Sendable ([Question]) async throws -> [Reply]) {
    self.name = name
    self.answer = answer
  }
}
