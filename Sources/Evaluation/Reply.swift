import Basics

/// What came back for a question.
public struct Reply: Hashable, Sendable {
  /// Up to the end of the document or the line, without it.
  public var bytes: [UInt8]
  /// Whether it ended by itself, and not by the limit.
  public var isComplete: Bool
  /// Bytes of the request that the student's vocabulary lacks.
  public var unknownByteCount: Int

  public init(bytes: [UInt8], isComplete: Bool = true, unknownByteCount: Int = 0) {
    self.bytes = bytes
    self.isComplete = isComplete
    self.unknownByteCount = unknownByteCount
  }

  public init(text: String, isComplete: Bool = true, unknownByteCount: Int = 0) {
    self.init(bytes: Array(text.utf8), isComplete: isComplete, unknownByteCount: unknownByteCount)
  }

  /// Invalid UTF-8 is replaced.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
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

  /// - Throws: `HintedError` for more or fewer replies than questions; whatever `answer` throws.
  func replies(to questions: [Question]) async throws -> [Reply] {
    let replies = try await answer(questions)
    guard replies.count == questions.count else {
      throw HintedError("\(name) gave \(replies.count) replies to \(questions.count) questions", status: .internalFault)
    }
    return replies
  }
}
