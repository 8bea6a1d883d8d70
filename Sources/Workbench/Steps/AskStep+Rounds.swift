import Basics
import Ledger
import Lineage
import Synchronization
import Teachers

extension AskStep {
  /// What a run brought, and how its rounds ended where the recipe has a target.
  typealias Asked = (outcome: AskOutcome, rounds: AskRounds.Result?)

  /// Asks all prompts, or as many as the target takes; each of its own teacher, by name.
  func asked(by teachers: [String: Teacher], _ progress: ProgressSink) async throws -> Asked {
    let tally = Mutex((done: 0, cost: 0.0))
    var sum: AskOutcome?
    func ask(_ prompts: ArraySlice<Prompt>) async throws -> [Sample] {
      var samples: [Sample] = []
      for (name, share) in shares(of: prompts) {
        guard let teacher = teachers[name] else { continue }
        var options = options
        options.spendMaximum = options.spendMaximum.map { $0 - (sum?.cost ?? 0) }
        // Once is enough, and of all later answers some are only repeated.
        options.checksFirstAnswers = options.checksFirstAnswers && prompts.startIndex == 0
        do {
          let part = try await teacher.ask(share, store: LedgerAnswerStore(ledger), options: options) { event in
            report(event, tally, progress)
          }
          if sum == nil { sum = part } else { sum?.add(part) }
          samples += part.samples
        } catch let error as HintedError where (sum?.cost ?? 0) > 0 {
          throw HintedError(
            "\(error.message); before that, \(ReadableUnits.dollars(sum?.cost ?? 0)) were spent", hint: error.hint,
            status: error.status)
        }
      }
      return samples.sorted { $0.promptIndex < $1.promptIndex }
    }
    let result = try await rounds?.run(prompts) { try await ask($0) }
    let samples = if let result { result.samples } else { try await ask(prompts[...]) }
    guard var outcome = sum else { throw HintedError("the recipe makes no prompts") }
    outcome.samples = samples
    if let rounds, let notice = result.flatMap(rounds.notice) { progress.say(notice) }
    return (outcome, result)
  }

  /// The prompts of each teacher, in the recipe's order of teachers.
  func shares(of prompts: ArraySlice<Prompt>) -> [(teacher: String, prompts: [Prompt])] {
    let byName = Dictionary(grouping: prompts) { $0.labels[PromptLabel.teacher] ?? teacher.profile.name }
    guard teachers.count > 1 else { return [(teacher.profile.name, Array(prompts))] }
    return teachers.compactMap { access in byName[access.profile.name].map { (access.profile.name, $0) } }
  }

  /// Runs `body` with all teachers, by name; those of ours are started before it and stopped after.
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
    usage.promptTokenCount += part.usage.promptTokenCount
    usage.completionTokenCount += part.usage.completionTokenCount
    cost += part.cost
  }
}
