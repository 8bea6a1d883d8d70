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
  /// Of the requests above, those that stand in batches under way.
  public var batchedCount: Int
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
  func preview() async throws -> AskPreview {
    let unconnected = try unconnected()
    var cursor = prompts.cursor()
    var preview = AskPreview(
      teacher: teachers.map(\.profile.name).joined(separator: ", "),
      model: teachers.map(\.profile.model).joined(separator: ", "), requestCount: 0, answeredCount: 0, refusedCount: 0,
      batchedCount: 0, targetDocumentCount: rounds?.target.documents, promptTokenCount: 0,
      maximumCompletionTokenCount: 0,
      maximumCost: 0, firstPrompt: try cursor.take(1).first?.messages ?? [])
    for (name, share) in try shares(of: prompts) {
      guard
        let estimate = try await unconnected[name]?.estimate(
          share, store: LedgerAnswerStore(ledger), batches: options.batches)
      else { continue }
      preview.batchedCount += estimate.batchedCount
      preview.requestCount += estimate.requestCount
      preview.answeredCount += estimate.reusedCount
      preview.refusedCount += estimate.refusedCount
      preview.promptTokenCount += estimate.promptTokenCount
      preview.maximumCompletionTokenCount += estimate.maximumCompletionTokenCount
      preview.maximumCost += estimate.maximumCost
    }
    return preview
  }
}
