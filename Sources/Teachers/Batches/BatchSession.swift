import Basics
import Foundation
import HTTPTransport
import Lineage

/// One `ask` by batches: submits what is open, waits, collects, and goes over the prompts again until nothing is open.
struct BatchSession {
  private let worker: AskWorker
  private let options: Teacher.AskOptions
  private var desk: BatchDesk
  private var outcome = AskOutcome()
  private var first = FirstAnswers()
  /// Requests whose end was told.
  private var told: Set<ContentID> = []
  private var hasSaidWaiting = false

  /// - Throws: `HintedError` for a teacher that takes no batches.
  init(worker: AskWorker, options: Teacher.AskOptions) throws {
    self.worker = worker
    self.options = options
    desk = try BatchDesk(worker, policy: options.batchPolicy)
  }

  mutating func run(_ prompts: PromptStream) async throws -> AskOutcome {
    do {
      try await askAll(prompts)
    } catch {
      let openCount = prompts.count - outcome.reusedCount - outcome.refused.count
      let failure = error is CancellationError ? nil : error
      throw failure.map { AskFailure.hinted($0, answered: desk.tally.answered.count, of: openCount) }
        ?? AskFailure.stopped(answered: desk.tally.answered.count, of: openCount)
    }
    outcome.add(desk.tally.outcome)
    return try await worker.closed(outcome, of: prompts, options)
  }

  private mutating func askAll(_ prompts: PromptStream) async throws {
    var emptyRounds = 0
    while true {
      let answeredCount = desk.tally.answered.count
      try await desk.collectAll()
      emptyRounds = answeredCount < desk.tally.answered.count || desk.tally.failures.isEmpty ? 0 : emptyRounds + 1
      // Where nothing comes of batches there is no haste.
      let delay = emptyRounds == 0 ? 0 : worker.teacher.retryPolicy.limitDelay(emptyRounds)
      guard try await worker.stop.sleep(seconds: delay) else { throw CancellationError() }
      let pass = try await walk(prompts)
      guard pass.submittedCount == 0 else { continue }
      guard pass.isExhausted || pass.busyCount > 0 else { return }
      guard pass.busyCount > 0 else { throw worker.budget.exhausted }
      try await waitForOthers(pass.busyCount)
    }
  }

  private mutating func waitForOthers(_ count: Int) async throws {
    if !hasSaidWaiting { await worker.onEvent(.waiting(count: count)) }
    hasSaidWaiting = true
    guard try await worker.stop.sleep(seconds: 1) else { throw CancellationError() }
  }

  /// What going over the prompts once found.
  private struct Pass {
    var submittedCount = 0
    /// Requests that other processes are at.
    var busyCount = 0
    var isExhausted = false
    var draft = BatchDraft()
    var refused: [(known: KnownPrompt, refusal: TeacherRefusal)] = []
    /// Requests that were looked at: answers that come together have one.
    var seen: Set<ContentID> = []
  }

  private mutating func walk(_ prompts: PromptStream) async throws -> Pass {
    var pass = Pass()
    var cursor = prompts.cursor()
    while !pass.isExhausted, case let some = try cursor.take(PromptStream.portion), !some.isEmpty {
      guard !worker.stop.isRaised else { throw CancellationError() }
      for known in try await worker.teacher.standings(of: some, in: worker.store) where !pass.isExhausted {
        switch known.standing {
        case .answered(let answer): try await tell(answer, known)
        case .refused(let refusal) where !options.retriesRefused || refusal.isOfAnswer:
          if told.insert(known.request.id).inserted { try refuse(known.prompt, refusal) }
        case .refused, .open: try await open(known, &pass)
        }
      }
    }
    try await submit(&pass)
    try await confirm(pass)
    return pass
  }

  private mutating func refuse(_ prompt: Prompt, _ refusal: TeacherRefusal) throws {
    outcome.refused.append((prompt, refusal))
    guard refusal.isOfAnswer, desk.tally.answered.contains(refusal.requestID) else { return }
    first.countMisfit()
    if options.checksFirstAnswers, let error = first.fault { throw error }
  }

  private mutating func tell(_ answer: TeacherAnswer, _ known: KnownPrompt) async throws {
    guard told.insert(known.request.id).inserted else { return }
    let sample = Sample(answer, to: known.prompt, keepsPrompt: options.keepsPrompt)
    guard desk.tally.answered.contains(known.request.id) else {
      outcome.reusedCount += 1
      return await worker.onEvent(.reused(sample))
    }
    first.count(sample, isUsable: options.isUsable)
    await worker.onEvent(.answered(sample, cost: answer.cost))
    if options.checksFirstAnswers, let error = first.fault { throw error }
  }

  /// Puts an open request into the next batch, if the budget holds it.
  private mutating func open(_ known: KnownPrompt, _ pass: inout Pass) async throws {
    let (asked, request) = try worker.teacher.question(of: known)
    let id = request.id
    if let refusal = desk.tally.refusals[id] { return pass.refused.append((known, refusal)) }
    guard pass.seen.insert(id).inserted else { return }
    if let failure = desk.tally.failures[id], failure.count >= worker.teacher.retryPolicy.maximumAttemptCount {
      throw failure.last
    }
    let cost = worker.teacher.worstCost(of: asked) * worker.teacher.profile.price.batchShare
    guard worker.budget.reserve(cost) else {
      pass.isExhausted = true
      return
    }
    if pass.draft.isFull(with: request, limit: worker.teacher.profile.pace.batchRequests) {
      try await submit(&pass)
    }
    let others = try worker.teacher.otherRequests(of: asked)
    pass.draft.add(BatchedRequest(request, possibleCost: cost, others: others))
  }

  private mutating func submit(_ pass: inout Pass) async throws {
    guard !pass.draft.items.isEmpty else { return }
    let items = pass.draft.items
    pass.draft = BatchDraft()
    let count = try await desk.submit(items)
    pass.submittedCount += count
    pass.busyCount += items.count - count
  }

  /// A refusal is a prompt's own once another was answered; where none is, the profile is wrong.
  private mutating func confirm(_ pass: Pass) async throws {
    guard !pass.refused.isEmpty else { return }
    guard !desk.tally.answered.isEmpty || outcome.reusedCount > 0 else {
      guard pass.submittedCount == 0 else { return }
      var tally = RefusalTally()
      for (known, refusal) in pass.refused { tally.add(refusal, to: known.prompt) }
      if let error = tally.everyPromptRefused(answeredCount: 0) { throw error }
      return
    }
    for (known, refusal) in pass.refused where told.insert(known.request.id).inserted {
      try await worker.store.recordRefusal(refusal)
      outcome.refused.append((known.prompt, refusal))
      await worker.onEvent(.refused(known.prompt, refusal))
    }
  }
}

/// Requests that become one batch.
struct BatchDraft {
  private(set) var items: [BatchedRequest] = []
  private var byteCount = 0

  /// Below what any provider takes.
  private static let byteLimit = 90 << 20

  func isFull(with request: TeacherRequest, limit: Int) -> Bool {
    !items.isEmpty && (items.count >= limit || byteCount + request.payload.utf8.count > Self.byteLimit)
  }

  mutating func add(_ item: BatchedRequest) {
    items.append(item)
    byteCount += item.request.payload.utf8.count
  }
}
