import Lineage

extension Teacher {
  /// Seconds that requests under way get to finish after a cancellation: they may be charged already.
  public static let graceSeconds: Double = 10

  /// Asks every prompt that `store` has no answer to, several at once, and returns all samples in the prompts' order.
  ///
  /// Cancelling the task starts no new request, waits `graceSeconds` for those under way, stores what they bring, and
  /// ends with the status `stopped`.
  /// - Parameters:
  ///   - spendMaximum: US dollars that this run may cost at most: no request starts that could exceed it.
  ///   - onEvent: called from any task, in no particular order.
  /// - Throws: `HintedError` when a request fails for good, the budget ends or the task was cancelled; whatever was
  ///   answered is stored, and the same call goes on from there.
  public func ask(
    _ prompts: [Prompt], store: any AnswerStore, spendMaximum: Double? = nil,
    onEvent: @escaping @Sendable (AskEvent) async -> Void = { _ in }
  ) async throws -> AskOutcome {
    let worker = AskWorker(teacher: self, store: store, pacer: Pacer(profile.pace), onEvent: onEvent)
    var session = AskSession(worker: worker, budget: Budget(maximum: spendMaximum))
    return try await session.run(prompts)
  }
}
