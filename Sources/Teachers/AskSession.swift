import Basics
import Lineage
import Logging

/// One `ask` from beginning to end: what is stored already, what is under way, what has come.
struct AskSession {
  typealias Question = (prompt: Prompt, request: TeacherRequest)

  private let worker: AskWorker
  private var budget: Budget
  private var outcome = AskOutcome()
  private var answers: [ContentID: TeacherAnswer] = [:]
  private var firstFailure: (any Error)?

  init(worker: AskWorker, budget: Budget) {
    self.worker = worker
    self.budget = budget
  }

  mutating func run(_ prompts: [Prompt]) async throws -> AskOutcome {
    let questions = try prompts.map { Question($0, try worker.teacher.request(for: $0)) }
    var missing: [Question] = []
    do {
      missing = try await findStored(questions)
      try await worker.store.recordRequests(missing.map(\.request))
    } catch is CancellationError {
      throw AskFailure.stopped(answered: 0, of: prompts.count)
    }
    await askAll(missing)
    worker.teacher.logger.debug("asked \(missing.count) requests, \(outcome.answeredCount) were answered")
    if let firstFailure { throw AskFailure.hinted(firstFailure, answered: outcome.answeredCount, of: missing.count) }
    guard outcome.answeredCount == missing.count else {
      throw AskFailure.stopped(answered: outcome.answeredCount, of: missing.count)
    }
    outcome.samples = questions.compactMap { prompt, request in answers[request.id].map { Sample($0, to: prompt) } }
    return outcome
  }

  /// Takes what the store has and returns what is left, each request once.
  private mutating func findStored(_ questions: [Question]) async throws -> [Question] {
    var missing: [Question] = []
    var seen: Set<ContentID> = []
    for (prompt, request) in questions where seen.insert(request.id).inserted {
      guard let answer = try await worker.store.answer(for: request.id) else {
        missing.append((prompt, request))
        continue
      }
      answers[request.id] = answer
      outcome.reusedCount += 1
      await worker.onEvent(.reused(Sample(answer, to: prompt)))
    }
    return missing
  }
}

// MARK: - Asking

extension AskSession {
  private mutating func askAll(_ missing: [Question]) async {
    var waiting = missing[...]
    await withTaskGroup(of: (Prompt, Result<TeacherAnswer, any Error>).self) { group in
      var inFlightCount = 0
      while true {
        while inFlightCount < worker.teacher.profile.pace.maxInFlight, !isStopping,
          let (prompt, request) = waiting.first,
          reserve(prompt, inFlightCount: inFlightCount)
        {
          waiting.removeFirst()
          group.addTask { [worker] in (prompt, await worker.ask(prompt, request)) }
          inFlightCount += 1
        }
        guard let (prompt, result) = await group.next() else { return }
        inFlightCount -= 1
        await take(result, prompt: prompt)
      }
    }
  }

  private var isStopping: Bool { Task.isCancelled || firstFailure != nil }

  /// Whether the budget holds this request in the worst case. While others are under way there is hope: they may cost
  /// less than what is set aside for them.
  private mutating func reserve(_ prompt: Prompt, inFlightCount: Int) -> Bool {
    if budget.reserve(worker.teacher.worstCost(of: prompt)) { return true }
    if inFlightCount == 0 { firstFailure = budget.exhausted }
    return false
  }

  private mutating func take(_ result: Result<TeacherAnswer, any Error>, prompt: Prompt) async {
    let worstCost = worker.teacher.worstCost(of: prompt)
    switch result {
    case .success(let answer):
      budget.settle(reserved: worstCost, spent: answer.cost)
      answers[answer.requestID] = answer
      outcome.count(answer)
      await worker.onEvent(.answered(Sample(answer, to: prompt), cost: answer.cost))
    case .failure(let error):
      budget.settle(reserved: worstCost, spent: 0)
      worker.stop.raise()
      // A cancellation says less than a failure that came beside it.
      if firstFailure == nil || AskFailure.isCancellation(firstFailure) { firstFailure = error }
    }
  }
}

extension AskOutcome {
  fileprivate mutating func count(_ answer: TeacherAnswer) {
    answeredCount += 1
    cost += answer.cost
    usage.promptTokenCount += answer.usage.promptTokenCount
    usage.completionTokenCount += answer.usage.completionTokenCount
  }
}
