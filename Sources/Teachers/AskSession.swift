import Basics
import Lineage
import Logging

/// One `ask` from beginning to end: what is stored already, what is under way, what has come.
struct AskSession {
  /// What is sent for a prompt, and its request.
  typealias Question = (asked: Prompt, request: TeacherRequest)

  private let worker: AskWorker
  private let options: Teacher.AskOptions
  private var outcome = AskOutcome()
  /// Open questions that were found and not yet sent, and those that another process is at.
  private var waiting: [Question] = []
  private var postponed: [Question] = []
  /// The requests of what waits or is sent: an equal prompt is asked once.
  private var atHand: Set<ContentID> = []
  /// Prompts that wait for a request at hand, where its answer is not the last word, or not the only one.
  private var awaiting: [ContentID: [Prompt]] = [:]
  /// Answers of this run that stand beside a first one.
  private var others: Set<ContentID> = []
  private var hasMore = true
  private var hasSaidWaiting = false
  /// Nothing is under way here, and the budget has no room until others that share it are done.
  private var waitsForRoom = false
  private var refusals = RefusalTally()
  private var first = FirstAnswers()
  private var firstFailure: (any Error)?
  /// Takes the answers of batches that an earlier run, or another process, handed in; nil where there are none.
  private var desk: BatchDesk?

  init(worker: AskWorker, options: Teacher.AskOptions) {
    self.worker = worker
    self.options = options
  }

  mutating func run(_ prompts: PromptStream) async throws -> AskOutcome {
    do {
      try await collectBatches()
      await askAll(prompts)
    } catch {
      fail(error)
    }
    outcome.add(desk?.tally.outcome ?? AskOutcome())
    worker.teacher.logger.debug("\(outcome.answeredCount) requests were answered")
    let openCount = prompts.count - outcome.reusedCount - outcome.refused.count
    if let firstFailure {
      throw AskFailure.hinted(firstFailure, answered: outcome.answeredCount, of: openCount)
    }
    if let error = refusals.everyPromptRefused(answeredCount: outcome.answeredCount + outcome.reusedCount) {
      throw error
    }
    guard !hasMore, waiting.isEmpty, postponed.isEmpty else {
      throw AskFailure.stopped(answered: outcome.answeredCount, of: openCount)
    }
    outcome.refused += refusals.found
    return try await worker.closed(outcome, of: prompts, options)
  }
}

// MARK: - What there is to ask

extension AskSession {
  /// Looks at the next prompts when nothing waits: takes what the store has, and leaves each open request once.
  private mutating func refill(_ cursor: inout PromptStream.Cursor) async throws {
    while waiting.isEmpty, hasMore, !isStopping {
      let prompts = try cursor.take(PromptStream.portion)
      hasMore = !prompts.isEmpty
      try await sort(prompts)
      try await takeUpPostponed()
    }
  }

  private mutating func sort(_ prompts: [Prompt]) async throws {
    for known in try await worker.teacher.standings(of: prompts, in: worker.store) {
      switch known.standing {
      case .answered(let answer): await reuse(answer, known.prompt)
      case .refused(let refusal) where !options.retriesRefused || refusal.isOfAnswer:
        outcome.refused.append((known.prompt, refusal))
      case .refused, .open: try queue(known)
      }
    }
  }

  private mutating func queue(_ known: KnownPrompt) throws {
    let question = try worker.teacher.question(of: known)
    if known.prompt.hasTurns { awaiting[question.request.id, default: []].append(known.prompt) }
    if atHand.insert(question.request.id).inserted { waiting.append(question) }
  }

  /// What became of the prompts that waited for an answer: they have theirs, or it is sent back.
  private mutating func sortAgain(_ prompts: [Prompt], isNew: Bool) async throws {
    for known in try await worker.teacher.standings(of: prompts, in: worker.store) {
      switch known.standing {
      case .answered(let answer) where isNew || others.contains(answer.requestID): try await tell(answer, known.prompt)
      case .answered(let answer): await reuse(answer, known.prompt)
      case .refused(let refusal):
        if refusal.isOfAnswer { first.countMisfit() }
        try await take(refusal, known.prompt)
      case .open: try queue(known)
      }
    }
    if options.checksFirstAnswers, let error = first.fault { throw error }
  }

  private mutating func reuse(_ answer: TeacherAnswer, _ prompt: Prompt) async {
    // What a batch brought in this run counts as asked.
    let isNew = others.contains(answer.requestID) || desk?.tally.answered.contains(answer.requestID) == true
    if !isNew { outcome.reusedCount += 1 }
    await worker.onEvent(.reused(Sample(answer, to: prompt, keepsPrompt: options.keepsPrompt)))
  }

  /// What another process was at is answered by now, open again, or still under way; sending finds out which.
  private mutating func takeUpPostponed() async throws {
    waiting += postponed
    postponed = []
  }

  /// All that is left is with other processes.
  private mutating func waitForOthers() async {
    if !hasSaidWaiting { await worker.onEvent(.waiting(count: postponed.count)) }
    hasSaidWaiting = true
    _ = try? await worker.stop.sleep(seconds: Self.otherProcessSeconds)
    do { try await collectBatches() } catch { fail(error) }
    waiting += postponed
    postponed = []
  }

  private static let otherProcessSeconds = 0.5
  private static let roomSeconds = 0.02

  /// Requests in batches under way are not asked again: their answers are awaited.
  private mutating func collectBatches() async throws {
    let (teacher, store) = (worker.teacher, worker.store)
    guard teacher.profile.dialect.batches != nil else { return }
    let open = try await store.openBatches(endpoint: teacher.requestEndpoint, model: teacher.profile.model)
    guard !open.isEmpty else { return }
    var desk = try self.desk ?? BatchDesk(worker, policy: options.batchPolicy)
    defer { self.desk = desk }
    try await desk.collectAll()
  }
}

// MARK: - Asking

extension AskSession {
  private mutating func askAll(_ prompts: PromptStream) async {
    var cursor = prompts.cursor()
    await withTaskGroup(of: (Question, Result<AskWorker.Reply, any Error>).self) { group in
      var inFlightCount = 0
      while true {
        do { try await refill(&cursor) } catch { fail(error) }
        while inFlightCount < (await worker.pacer.inFlightLimit), !isStopping, let question = waiting.first,
          reserve(question.asked, inFlightCount: inFlightCount)
        {
          waiting.removeFirst()
          group.addTask { [worker] in (question, await worker.ask(question.asked, question.request)) }
          inFlightCount += 1
        }
        if let (question, result) = await group.next() {
          inFlightCount -= 1
          await take(result, question)
        } else if waitsForRoom, !isStopping {
          waitsForRoom = false
          _ = try? await worker.stop.sleep(seconds: Self.roomSeconds)
        } else if isStopping || postponed.isEmpty {
          return
        } else {
          await waitForOthers()
        }
      }
    }
  }

  private var isStopping: Bool { Task.isCancelled || firstFailure != nil }

  /// Whether the budget holds this request in the worst case. While others are under way there is hope: they may cost
  /// less than what is set aside for them.
  private mutating func reserve(_ prompt: Prompt, inFlightCount: Int) -> Bool {
    if worker.budget.reserve(worker.teacher.worstCost(of: prompt)) { return true }
    guard inFlightCount == 0 else { return false }
    waitsForRoom = worker.budget.mayGetRoom
    if !waitsForRoom { firstFailure = worker.budget.exhausted }
    return false
  }

  private mutating func take(_ result: Result<AskWorker.Reply, any Error>, _ question: Question) async {
    do {
      switch result {
      case .success(.underWay): return postponed.append(question)
      case .success(.new(let answer)): try await take(answer, question)
      case .success(.stored(let answer)):
        if let prompts = awaiting.removeValue(forKey: question.request.id) {
          try await sortAgain(prompts, isNew: false)
        } else {
          await reuse(answer, question.asked)
        }
      case .failure(let failure as TeacherFailure) where failure.isRefusal:
        for prompt in awaiting.removeValue(forKey: question.request.id) ?? [question.asked] {
          try await take(failure.refusal(of: question.request), prompt)
        }
      case .failure(let error): throw error
      }
      atHand.remove(question.request.id)
    } catch {
      fail(error)
    }
  }

  private mutating func fail(_ error: any Error) {
    worker.stop.raise()
    // A cancellation says less than a failure that came beside it.
    if firstFailure == nil || AskFailure.isCancellation(firstFailure) { firstFailure = error }
  }

  private mutating func take(_ answer: TeacherAnswer, _ question: Question) async throws {
    outcome.count(answer)
    for other in answer.others { others.insert(other.request.id) }
    if let prompts = awaiting.removeValue(forKey: question.request.id) {
      try await sortAgain(prompts, isNew: true)
    } else {
      try await tell(answer, question.asked)
    }
    for refusal in refusals.confirmed() { try await worker.store.recordRefusal(refusal) }
    if options.checksFirstAnswers, let error = first.fault { throw error }
  }

  private mutating func tell(_ answer: TeacherAnswer, _ prompt: Prompt) async throws {
    let sample = Sample(answer, to: prompt, keepsPrompt: options.keepsPrompt)
    first.count(sample, isUsable: options.isUsable)
    await worker.onEvent(.answered(sample, cost: answer.cost))
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
