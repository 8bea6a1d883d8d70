import Basics
import Curation
import Ledger
import Lineage
import Synchronization
import Teachers

extension AskStep {
  /// What a run brought, and, where the recipe has a target, how its rounds ended and what the judge cost.
  typealias Asked = (outcome: AskOutcome, samples: SampleTally, rounds: AskRounds.Result?, judgeCost: Double)

  /// Asks all prompts, or as many as the target takes; each of its own teacher, by name.
  func asked(by teachers: [String: Teacher], _ progress: ProgressSink) async throws -> Asked {
    let answered = Mutex((done: 0, cost: 0.0))
    let watch = Mutex(boundary.map { DiversityWatch(boundary: $0) })
    var sum = AskOutcome()
    func ask(_ prompts: PromptStream, isFirst: Bool) async throws {
      for (name, share) in try shares(of: prompts) {
        guard let teacher = teachers[name] else { continue }
        do {
          let part = try await teacher.ask(
            share, store: LedgerAnswerStore(ledger), options: options(isFirst: isFirst)
          ) { event in
            report(event, answered, progress)
            if case .answered(let sample, _) = event, let alarm = watch.withLock({ $0?.add(answer: sample.text) }) {
              progress.say(alarm + "; other words in the lists or templates bring other answers")
            }
          }
          sum.add(part)
        } catch let error as HintedError where sum.cost > 0 {
          throw HintedError(
            "\(error.message); before that, \(ReadableUnits.dollars(sum.cost)) were spent", hint: error.hint,
            status: error.status)
        }
      }
    }
    var samples = SampleTally(shape: shape)
    guard let rounds else {
      try await ask(prompts, isFirst: true)
      try await forEachSample(of: prompts, teachers) { samples.add($0) }
      return (sum, samples, nil, 0)
    }
    var judgeCost = 0.0
    let result = try await rounds.run(prompts) { curation in
      guard let judge else { return curation }
      let (judged, cost) = try await judge.judged(curation, progress)
      judgeCost += cost
      return judged
    } ask: { round, isFirst in
      try await ask(PromptStream(round), isFirst: isFirst)
      return try await stored(PromptStream(round), teachers)
    }
    if let notice = rounds.notice(of: result) { progress.say(notice) }
    return (sum, tally(of: result.samples), result, judgeCost)
  }

  /// The first answers are looked at once: of all later ones some are only repeated.
  private func options(isFirst: Bool) -> Teacher.AskOptions {
    var options = options
    options.checksFirstAnswers = options.checksFirstAnswers && isFirst
    options.forgetsBatches = options.forgetsBatches && isFirst
    return options
  }

  /// The prompts of each teacher, in the recipe's order of teachers.
  func shares(of prompts: PromptStream) throws -> [(teacher: String, prompts: PromptStream)] {
    guard teachers.count > 1 else { return [(teacher.profile.name, prompts)] }
    return try teachers.map { access in
      let name = access.profile.name
      return (name, try prompts.filter { $0.labels[PromptLabel.teacher] == name })
    }
  }

  /// The stored answers of all teachers, in the prompts' order.
  /// - Parameter skipsOpen: passes over prompts that were never answered, which else are an error.
  func forEachSample(
    of prompts: PromptStream, _ teachers: [String: Teacher], skipsOpen: Bool = false, _ body: (Sample) throws -> Void
  ) async throws {
    let store = LedgerAnswerStore(ledger)
    try await prompts.forEachPortion { portion in
      var samples: [Sample] = []
      for (name, share) in try shares(of: PromptStream(portion)) {
        try await teachers[name]?.forEachSample(
          of: share, in: store, keepsPrompt: options.keepsPrompt, skipsOpen: skipsOpen
        ) {
          samples.append($0)
        }
      }
      for sample in samples.sorted(by: { $0.promptIndex < $1.promptIndex }) { try body(sample) }
    }
  }

  /// Runs `body` with all teachers, by name; those that Alambic runs are started before it and stopped after.
  func withTeachers<Result>(_ body: ([String: Teacher]) async throws -> Result) async throws -> Result {
    try await Self.open(teachers[...], beside: [:], body)
  }

  private static func open<Result>(
    _ rest: ArraySlice<TeacherAccess>, beside opened: [String: Teacher],
    _ body: ([String: Teacher]) async throws -> Result
  ) async throws -> Result {
    guard let first = rest.first else { return try await body(opened) }
    return try await first.withTeacher { teacher in
      var opened = opened
      opened[first.profile.name] = teacher
      return try await open(rest.dropFirst(), beside: opened, body)
    }
  }
}

extension AskOutcome {
  /// Another teacher's share or another round, but for its samples.
  fileprivate mutating func add(_ part: AskOutcome) {
    answeredCount += part.answeredCount
    reusedCount += part.reusedCount
    refused += part.refused
    estimatedCount += part.estimatedCount
    repairedCount += part.repairedCount
    usage.promptTokenCount += part.usage.promptTokenCount
    usage.completionTokenCount += part.usage.completionTokenCount
    cost += part.cost
    possibleCost += part.possibleCost
  }
}
