import Basics
import Foundation
import HTTPTransport
import Lineage

/// Hands a teacher's batches in and takes their answers out. What it knows of them is in the store before it is used,
/// so that another process can go on at any point, and nothing is handed in twice.
struct BatchDesk {
  let worker: AskWorker
  let dialect: any BatchDialect
  let policy: Teacher.BatchPolicy
  /// What the run brought.
  var tally = BatchTally()
  /// In US dollars, by batch, what is set aside for answers that have not come.
  private var reserved: [String: Double] = [:]
  private var jitter = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))

  /// - Throws: `HintedError` for a teacher that takes no batches.
  init(_ worker: AskWorker, policy: Teacher.BatchPolicy) throws {
    self.worker = worker
    dialect = try worker.teacher.profile.batches()
    self.policy = policy
  }

  var store: any AnswerStore { worker.store }

  func openBatches() async throws -> [TeacherBatch] {
    try await store.openBatches(endpoint: worker.teacher.requestEndpoint, model: worker.teacher.profile.model)
  }

  // MARK: - Money

  /// Sets aside what an earlier run's batch may still cost; it is on its way, whatever the limit of this run.
  mutating func hold(_ batch: TeacherBatch) async throws {
    guard reserved[batch.token] == nil else { return }
    let items = try await store.openRequests(ofBatch: batch.token)
    let cost = items.reduce(0) { $0 + $1.possibleCost }
    worker.budget.reserveAnyway(cost)
    reserved[batch.token] = cost
    await worker.onEvent(.batch(batch.serverID ?? batch.token, .found(requestCount: items.count)))
  }

  /// A batch of this run, whose cost was set aside when its requests were chosen.
  mutating func expect(_ batch: TeacherBatch, cost: Double) { reserved[batch.token] = cost }

  mutating func settle(_ token: String, possible cost: Double, spent: Double, possible unknown: Double) {
    worker.budget.settle(reserved: cost, spent: spent, possible: unknown)
    reserved[token, default: 0] -= cost
  }

  /// Ends a batch; what other processes have collected of it is theirs.
  mutating func close(_ batch: TeacherBatch, outcome: String) async throws {
    try await store.close(batch: batch.token, outcome: outcome)
    worker.budget.settle(reserved: reserved[batch.token] ?? 0, spent: 0)
    reserved[batch.token] = 0
  }

  // MARK: - Exchanges

  /// An exchange that may be made again: passing faults are waited out.
  /// - Throws: `TeacherFailure` of the last try; `CancellationError`.
  mutating func exchange(_ call: BatchCall) async throws -> [UInt8] {
    var number = 1
    while true {
      switch await worker.teacher.exchange(call) {
      case .success(let body): return body
      case .failure(let failure):
        guard let delay = delay(after: failure, number: number) else { throw failure }
        guard try await worker.stop.sleep(seconds: delay) else { throw CancellationError() }
        number += 1
      }
    }
  }

  /// Seconds to the next try; nil where there is none.
  mutating func delay(after failure: TeacherFailure, number: Int) -> Double? {
    let policy = worker.teacher.retryPolicy
    return switch failure.consequence {
    case .retry(let delay): policy.delay(afterAttempt: number, serverDelay: delay, using: &jitter)
    case .wait(let delay) where number <= Self.limitedTries: delay ?? policy.limitDelay(number)
    case .wait, .refuse, .stop, .cancelled: nil
    }
  }

  private static let limitedTries = 20

  func status(from body: [UInt8]) throws -> BatchStatus {
    do {
      return try dialect.status(from: try LenientJSON(body).value)
    } catch {
      let detail = (error as? MalformedAnswer)?.detail ?? (error as? LenientJSON.Failure)?.detail ?? "\(error)"
      throw TeacherFailure(malformed: "what the server says of a batch: \(detail)", status: 200)
    }
  }
}

/// What batches brought in one run.
struct BatchTally {
  /// Requests that were answered, and how they count.
  var answered: Set<ContentID> = []
  var outcome = AskOutcome()
  /// Refused for good; recorded once something was answered.
  var refusals: [ContentID: TeacherRefusal] = [:]
  /// What failed and may be tried again, and how often it did.
  var failures: [ContentID: (count: Int, last: TeacherFailure)] = [:]
  /// A failure that ends the run.
  var fatal: TeacherFailure?

  mutating func add(_ failure: TeacherFailure, to requestID: ContentID) {
    switch failure.consequence {
    case .refuse:
      refusals[requestID] = TeacherRefusal(requestID: requestID, status: failure.status ?? 0, detail: failure.detail)
    case .retry, .wait: failures[requestID] = ((failures[requestID]?.count ?? 0) + 1, failure)
    case .stop, .cancelled: fatal = fatal ?? failure
    }
  }
}
