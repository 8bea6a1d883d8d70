import Basics
import Lineage
import Logging

/// One `ask` from beginning to end: what is stored already, what is under way, what has come.
struct AskSession {
  typealias Question = (prompt: Prompt, request: TeacherRequest)

  private let worker: AskWorker
  private let options: Teacher.AskOptions
  private var outcome = AskOutcome()
  /// By the id of the request that is asked today.
  private var answers: [ContentID: TeacherAnswer] = [:]
  private var refusals = RefusalTally()
  private var first = FirstAnswers()
  private var firstFailure: (any Error)?

  init(worker: AskWorker, options: Teacher.AskOptions) {
    self.worker = worker
    self.options = options
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
    if let error = refusals.everyPromptRefused(answeredCount: outcome.answeredCount + outcome.reusedCount) {
      throw error
    }
    guard outcome.answeredCount + refusals.found.count == missing.count else {
      throw AskFailure.stopped(answered: outcome.answeredCount, of: missing.count)
    }
    outcome.refused += refusals.found
    outcome.cost = worker.budget.spent
    outcome.samples = questions.compactMap { prompt, request in answers[request.id].map { Sample($0, to: prompt) } }
    return outcome
  }

  /// Takes what the store has and returns what is left, each request once.
  private mutating func findStored(_ questions: [Question]) async throws -> [Question] {
    var missing: [Question] = []
    var seen: Set<ContentID> = []
    for (prompt, request) in questions where seen.insert(request.id).inserted {
      if let answer = try await worker.teacher.storedAnswer(to: prompt, in: worker.store) {
        answers[request.id] = answer
        outcome.reusedCount += 1
        await worker.onEvent(.reused(Sample(answer, to: prompt)))
      } else if !options.retriesRefused, let refusal = try await worker.store.refusal(of: request.id) {
        outcome.refused.append((prompt, refusal))
      } else {
        missing.append((prompt, request))
      }
    }
    return missing
  }
}

// MARK: - Asking

extension AskSession {
  private mutating func askAll(_ missing: [Question]) async {
    var waiting = missing[...]
    await withTaskGroup(of: (Question, Result<TeacherAnswer, any Error>).self) { group in
      var inFlightCount = 0
      while true {
        while inFlightCount < (await worker.pacer.inFlightLimit), !isStopping, let question = waiting.first,
          reserve(question.prompt, inFlightCount: inFlightCount)
        {
          waiting.removeFirst()
          group.addTask { [worker] in (question, await worker.ask(question.prompt, question.request)) }
          inFlightCount += 1
        }
        guard let (question, result) = await group.next() else { return }
        inFlightCount -= 1
        await take(result, question)
      }
    }
  }

  private var isStopping: Bool { Task.isCancelled || firstFailure != nil }

  /// Whether the budget holds this request in the worst case. While others are under way there is hope: they may cost
  /// less than what is set aside for them.
  private mutating func reserve(_ prompt: Prompt, inFlightCount: Int) -> Bool {
    if worker.budget.reserve(worker.teacher.worstCost(of: prompt)) { return true }
    if inFlightCount == 0 { firstFailure = worker.budget.exhausted }
    return false
  }

  private mutating func take(_ result: Result<TeacherAnswer, any Error>, _ question: Question) async {
    do {
      switch result {
      case .success(let answer): try await take(answer, question.prompt)
      case .failure(let failure as TeacherFailure) where failure.isRefusal:
        try await take(failure.refusal(of: question.request), question.prompt)
      case .failure(let error): throw error
      }
    } catch {
      worker.stop.raise()
      // A cancellation says less than a failure that came beside it.
      if firstFailure == nil || AskFailure.isCancellation(firstFailure) { firstFailure = error }
    }
  }

  private mutating func take(_ answer: TeacherAnswer, _ prompt: Prompt) async throws {
    let sample = Sample(answer, to: prompt)
    answers[answer.requestID] = answer
    outcome.count(answer)
    first.count(sample, isUsable: options.isUsable)
    await worker.onEvent(.answered(sample, cost: answer.cost))
    for refusal in refusals.confirmed() { try await worker.store.recordRefusal(refusal) }
    if options.checksFirstAnswers, let error = first.fault { throw error }
  }

  private mutating func take(_ refusal: TeacherRefusal, _ prompt: Prompt) async throws {
    refusals.add(refusal, to: prompt)
    await worker.onEvent(.refused(prompt, refusal))
    let answeredCount = outcome.answeredCount + outcome.reusedCount
    guard answeredCount == 0 else {
      for refusal in refusals.confirmed() { try await worker.store.recordRefusal(refusal) }
      return
    }
    if refusals.found.count >= RefusalTally.alikeCount, let error = refusals.everyPromptRefused(answeredCount: 0) {
      throw error
    }
  }
}

extension TeacherFailure {
  fileprivate var isRefusal: Bool {
    if case .refuse = consequence { true } else { false }
  }

  fileprivate func refusal(of request: TeacherRequest) -> TeacherRefusal {
    TeacherRefusal(requestID: request.id, status: status ?? 0, detail: detail)
  }
}
