import Lineage
import Teachers

/// What `ask` would do, known before the first request.
public struct AskPreview: Codable, Sendable {
  public var teacher: String
  public var model: String
  /// Requests without a stored answer, and those that have one.
  public var requestCount: Int
  public var answeredCount: Int
  /// Prompts that the teacher refused for good; they are not asked again.
  public var refusedCount: Int
  /// Where the recipe has a target: asking ends when curation keeps so many, and the counts are the most that it takes.
  public var targetDocumentCount: Int?
  /// Estimated from the text.
  public var promptTokenCount: Int
  /// The most that the answers may have.
  public var maximumCompletionTokenCount: Int
  /// US dollars, if every answer is as long as it may be.
  public var maximumCost: Double
  /// The first prompt as it would be sent.
  public var firstPrompt: [Message]
}

extension AskStep {
  private func firstPrompt() throws -> Prompt? {
    var cursor = prompts.cursor()
    return try cursor.take(1).first
  }

  func preview() async throws -> AskPreview {
    let estimate = try await teacher.unconnected().estimate(prompts, store: LedgerAnswerStore(ledger))
    return AskPreview(
      teacher: teacher.profile.name, model: teacher.profile.model, requestCount: estimate.requestCount,
      answeredCount: estimate.reusedCount, refusedCount: estimate.refusedCount,
      targetDocumentCount: rounds?.target.documents,
      promptTokenCount: estimate.promptTokenCount,
      maximumCompletionTokenCount: estimate.maximumCompletionTokenCount, maximumCost: estimate.maximumCost,
      firstPrompt: try firstPrompt()?.messages ?? [])
  }
}
