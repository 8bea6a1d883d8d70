import Basics
import Ledger
import Lineage
import Synchronization
import Teachers

extension AskStep {
  /// What a run brought, and how its rounds ended where the recipe has a target.
  typealias Asked = (outcome: AskOutcome, samples: SampleTally, rounds: AskRounds.Result?)

  /// Asks all prompts, or as many as the target takes.
  func asked(by teacher: Teacher, _ progress: ProgressSink) async throws -> Asked {
    let answered = Mutex((done: 0, cost: 0.0))
    let store = LedgerAnswerStore(ledger)
    func ask(_ prompts: PromptStream, _ options: Teacher.AskOptions) async throws -> AskOutcome {
      try await teacher.ask(prompts, store: store, options: options) { event in
        report(event, answered, progress)
      }
    }
    guard let rounds else {
      let outcome = try await ask(prompts, options)
      var samples = SampleTally(keepsPrompt: options.keepsPrompt)
      try await teacher.forEachSample(of: prompts, in: store, keepsPrompt: options.keepsPrompt) { samples.add($0) }
      return (outcome, samples, nil)
    }
    var sum: AskOutcome?
    let result = try await rounds.run(prompts) { round, isFirst in
      var options = options
      options.spendMaximum = options.spendMaximum.map { $0 - (sum?.cost ?? 0) - (sum?.possibleCost ?? 0) }
      options.gathersSamples = true
      // Once is enough, and of all later answers some are only repeated.
      options.checksFirstAnswers = options.checksFirstAnswers && isFirst
      do {
        let part = try await ask(PromptStream(round), options)
        if sum == nil { sum = part } else { sum?.add(part) }
        return part.samples
      } catch let error as HintedError where (sum?.cost ?? 0) > 0 {
        throw HintedError(
          "\(error.message); before that, \(ReadableUnits.dollars(sum?.cost ?? 0)) were spent", hint: error.hint,
          status: error.status)
      }
    }
    guard let outcome = sum else { throw HintedError("the recipe makes no prompts") }
    if let notice = rounds.notice(of: result) { progress.say(notice) }
    return (outcome, tally(of: result.samples), result)
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
    possibleCost += round.possibleCost
  }
}
