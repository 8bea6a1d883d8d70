import Basics
import Foundation
import Lineage

/// Taking out.
extension BatchDesk {
  /// Follows all open batches to their end.
  /// - Throws: `TeacherFailure`, `CancellationError`, `HintedError` of the store.
  mutating func collectAll() async throws {
    var delay = policy.firstSeconds
    while true {
      let isUnderWay = try await look()
      // What the other batches bring is taken by the next run.
      if let fatal = tally.fatal { throw fatal }
      guard isUnderWay else { return }
      guard try await worker.stop.sleep(seconds: delay) else { throw CancellationError() }
      delay = min(delay * policy.growth, policy.longestSeconds)
    }
  }

  /// Looks at every open batch once, and takes the answers of those that have ended.
  /// - Returns: whether one is still under way.
  mutating func look() async throws -> Bool {
    var isUnderWay = false
    for batch in try await openBatches() {
      try await hold(batch)
      guard !batch.isBeingSubmitted else {
        isUnderWay = true
        continue
      }
      guard let named = try await named(batch) else { continue }
      if try await !look(at: named) { isUnderWay = true }
    }
    return isUnderWay
  }

  /// A batch with its name at the server. One of which no word came is looked for; where the server does not know it,
  /// it was never handed in, and its requests are free again.
  private mutating func named(_ batch: TeacherBatch) async throws -> TeacherBatch? {
    guard batch.serverID == nil else { return batch }
    var batch = batch
    // A file is noted before the batch is created.
    if !dialect.hasFiles || batch.inputFileID != nil {
      batch.serverID = try await find(batch, until: batch.submittedAt + policy.searchSeconds)
    }
    if batch.serverID == nil {
      var failure = TeacherFailure.restOfBatch(.lost)
      (failure.detail, failure.mayBeBilled) = ("the process ended before its batch reached the server", false)
      try await abandon(
        batch, try await store.openRequests(ofBatch: batch.token), after: failure, outcome: "not-submitted")
      return nil
    }
    try await store.note(batch)
    return batch
  }

  /// - Returns: whether it has ended.
  private mutating func look(at batch: TeacherBatch) async throws -> Bool {
    let id = batch.serverID ?? ""
    let status: BatchStatus
    do {
      status = try self.status(from: try await exchange(dialect.look(at: id)))
    } catch let failure as TeacherFailure where failure.status == 404 {
      throw HintedError(
        "the teacher's server does not know the batch \(id): \(failure.detail)",
        hint: "check the profile's address and key; `ask --forget-batches` gives its answers up", status: .unavailable)
    }
    switch status.phase {
    case .underWay:
      await worker.onEvent(.batch(id, .working(doneCount: status.doneCount, requestCount: batch.requestCount)))
      return false
    case .failed(let code, let detail):
      let items = try await store.openRequests(ofBatch: batch.token)
      try await abandon(batch, items, after: .refusedBatch(code, detail), outcome: "refused")
      return true
    case .ended:
      try await collect(batch, status)
      return true
    }
  }

  private mutating func collect(_ batch: TeacherBatch, _ status: BatchStatus) async throws {
    let items = try await store.openRequests(ofBatch: batch.token)
    var open = Dictionary(items.map { ($0.request.id.hex, $0) }) { first, _ in first }
    var (answeredCount, lineCount) = (0, 0)
    if !open.isEmpty {
      for call in status.results {
        let text = try await exchange(call)
        var results: [(BatchedRequest, Result<TeacherAnswer, TeacherFailure>)] = []
        for line in text.split(separator: 0x0A) {
          lineCount += 1
          // What cannot be read names nobody; its request is missed below.
          guard let read = try? LenientJSON(Array(line)), let found = try? dialect.result(from: read.value),
            let item = open.removeValue(forKey: found.name)
          else { continue }
          var result = worker.teacher.read(found.outcome, item)
          if case .success(var answer) = result {
            answer.repairCount = read.repairCount
            result = .success(answer)
            answeredCount += 1
          }
          results.append((item, result))
        }
        try await take(results, of: batch)
      }
      // Of a batch that was found by its size alone, and is someone else's.
      guard lineCount == 0 || open.count < batch.requestCount else { throw Self.foreign(status.id) }
      let rest = open.values.sorted { $0.request.id < $1.request.id }
      try await take(rest.map { ($0, .failure(.restOfBatch(status.rest))) }, of: batch)
    }
    try await close(batch, outcome: "collected")
    await worker.onEvent(
      .batch(status.id, .ended(answeredCount: answeredCount, failedCount: items.count - answeredCount)))
  }

  private static func foreign(_ id: String) -> HintedError {
    HintedError(
      "the batch \(id) answers none of the requests that were handed in",
      hint: "it is another's; look for yours at the provider, and give it up with `ask --forget-batches`",
      status: .unavailable)
  }

  /// Stores and books results, each once, whoever else collects the same.
  mutating func take(
    _ results: [(item: BatchedRequest, result: Result<TeacherAnswer, TeacherFailure>)], of batch: TeacherBatch
  ) async throws {
    for start in stride(from: 0, to: results.count, by: Self.portion) {
      let some = results[start..<min(start + Self.portion, results.count)]
      let records = some.map { Self.record($0.item, $0.result, batch) }
      // Not to be cut off: what came is paid for.
      let stored = try await Task { [store, records] in
        try await store.collect(records, ofBatch: batch.token)
      }.value
      for (found, record) in zip(some, records) where stored.contains(found.item.request.id) {
        let spent = record.answer?.totalCost ?? record.attempt.cost
        settle(
          batch.token, possible: found.item.possibleCost, spent: spent, possible: record.attempt.possibleCost)
        switch found.result {
        case .success(let answer):
          tally.answered.insert(found.item.request.id)
          for other in answer.others { tally.answered.insert(other.request.id) }
          tally.failures[found.item.request.id] = nil
          tally.outcome.count(answer)
        case .failure(let failure): tally.add(failure, to: found.item.request.id)
        }
      }
    }
  }

  private static let portion = 500

  private static func record(
    _ item: BatchedRequest, _ result: Result<TeacherAnswer, TeacherFailure>, _ batch: TeacherBatch
  ) -> BatchedResult {
    var attempt = TeacherAttempt(
      requestID: item.request.id, number: 1, startedAt: batch.submittedAt,
      durationSeconds: max(0, Date().timeIntervalSince(batch.submittedAt)), status: 200, outcome: "answered", detail: ""
    )
    switch result {
    case .success(let answer): return BatchedResult(attempt, answer: answer)
    case .failure(let failure):
      (attempt.status, attempt.outcome) = (failure.status, failure.outcome)
      attempt.detail = "batch \(batch.serverID ?? "without a name"): \(failure.detail)"
      (attempt.cost, attempt.possibleCost) = (failure.cost, failure.mayBeBilled ? item.possibleCost : 0)
      return BatchedResult(attempt)
    }
  }

  /// Gives up all open batches: what they may have cost stays known.
  mutating func forgetAll() async throws {
    for batch in try await openBatches() where !batch.isBeingSubmitted {
      try await hold(batch)
      var failure = TeacherFailure.restOfBatch(.lost)
      failure.detail = "given up by --forget-batches"
      try await abandon(batch, try await store.openRequests(ofBatch: batch.token), after: failure, outcome: "given-up")
    }
    tally.failures = [:]
  }
}

extension TeacherFailure {
  /// Of a batch that the server has looked at and not taken.
  fileprivate static func refusedBatch(_ code: String, _ detail: String) -> TeacherFailure {
    let isFull = code == "token_limit_exceeded"
    return TeacherFailure(
      outcome: isFull ? "rate-limited" : "rejected", detail: "the batch was refused: \(detail)", status: nil,
      consequence: isFull
        ? .retry(serverDelaySeconds: nil)
        : .stop(hint: "nothing of it was asked; check the profile, or ask without --batch"))
  }
}
