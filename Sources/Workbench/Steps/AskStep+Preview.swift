import Lineage
import Teachers

/// What `ask` would do, known before the first request.
public struct AskPreview: Codable, Sendable {
  public var teacher: String
  public var model: String
  public var promptCount: Int
  public var estimate: AskEstimate
  /// The first prompts as they would be sent.
  public var firstPrompts: [[Message]]
}

extension AskStep {
  func preview() async throws -> AskPreview {
    AskPreview(
      teacher: teacher.profile.name, model: teacher.profile.model, promptCount: prompts.count,
      estimate: try await teacher.unconnected().estimate(prompts, store: LedgerAnswerStore(ledger)),
      firstPrompts: prompts.prefix(3).map(\.messages))
  }
}
