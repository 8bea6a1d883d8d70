import Basics
import Ledger
import Lineage
import Synchronization
import Teachers

extension AskStep {
  /// What a run brought, and how its rounds ended where the recipe has a target.
  typealias Asked = (outcome: AskOutcome, rounds: AskRounds.Result?)

  /// Asks all prompts, or as many as the target takes.
  func asked(by teacher: Teacher, _ progress: ProgressSink) async throws -> Asked {
    let tally = Mutex((done: 0, cost: 0.0))
    func ask(_ prompts: [Prompt], _ options: Teacher.AskOptions) async throws -> AskOutcome {
      try await teacher.ask(prompts, store: LedgerAnswerStore(ledger), options: options) { event in
        report(event, tally, progress)
      }
    }
    guard let rounds else { return (try await ask(prompts, options), nil) }
    var sum: AskOutcome?
    let result = try await rounds.run(prompts) { round in
      var options = options
      options.spendMaximum = options.spendMaximum.map { $0 - (sum?.cost ?? 0) }
      // Once is enough, and of all later answers some are only repeated.
      options.checksFirstAnswers = options.checksFirstAnswers && round.startIndex == 0
      do {
        let part = try await ask(Array(round), options)
        if sum == nil { sum = part } else { sum?.add(part) }
        return part.samples
      } catch let error as HintedError where (sum?.cost ?? 0) > 0 {
        throw HintedError(
          "\(error.message); before that, \(ReadableUnits.dollars(sum?.cost ?? 0)) were spent", hint: error.hint,
          status: error.status)
      }
    }
    guard var outcome = sum else { throw HintedError("the recipe makes no prompts") }
    outcome.samples = result.samples
    if let notice = rounds.notice(of: result) { progress.say(notice) }
    return (outcome, result)
  }
}

extension AskOutcome {
  /// Another round, but for its samples.
  fileprivate mutating func add(_ round: AskOutcome) {
    answeredCount += round.answeredCount
    reusedCount += round.reusedCount
    refused += round.refused
    estimatedCount += round.estimatedCount
    usage.promptTokenCount += round.usage.promptTokenCount
    usage.completionTokenCount += round.usage.completionTokenCount
    cost += round.cost
  }
}
