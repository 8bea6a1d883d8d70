import Lineage

extension AskWorker {
  /// What a run ends with, however its requests went out: the bill, and the samples if they are wanted.
  func closed(
    _ outcome: AskOutcome, of prompts: PromptStream, _ options: Teacher.AskOptions
  ) async throws -> AskOutcome {
    var outcome = outcome
    (outcome.cost, outcome.possibleCost) = (budget.spent, budget.possible)
    guard options.gathersSamples else { return outcome }
    var samples: [Sample] = []
    try await teacher.forEachSample(of: prompts, in: store, keepsPrompt: options.keepsPrompt) { samples.append($0) }
    outcome.samples = samples
    return outcome
  }
}
