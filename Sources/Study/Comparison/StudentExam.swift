import Basics
import Conversation
import Formats

/// The questions of a corpus, put to each contestant.
public struct StudentExam: Sendable {
  /// Of all that decides questions and verdicts.
  let id: ContentID
  /// How many a model answers wholly right, on one thread and by the engine that is shipped, or the only one it has.
  let ask: @Sendable (any RunnableModel) async throws -> Proportion

  public init(id: ContentID, ask: @escaping @Sendable (any RunnableModel) async throws -> Proportion) {
    self.id = id
    self.ask = ask
  }
}
