import Basics
import Ledger
import Lineage
import Teachers

/// Lets the Teachers stage, which knows no database, keep its answers in the ledger.
public struct LedgerAnswerStore: AnswerStore {
  private let ledger: Ledger

  public init(_ ledger: Ledger) { self.ledger = ledger }

  public func answer(for requestID: ContentID) async throws -> TeacherAnswer? {
    try await ledger.answer(for: requestID)
  }

  public func standings(
    of requests: [(promptID: ContentID, requestID: ContentID)]
  ) async throws -> [RequestStanding] {
    try await ledger.standings(of: requests)
  }

  public func lease(_ lease: AttemptLease, of request: TeacherRequest) async throws -> LeaseOutcome {
    try await ledger.lease(lease, of: request)
  }

  public func recordRefusal(_ refusal: TeacherRefusal) async throws {
    try await ledger.recordRefusal(refusal)
  }

  public func recordAttempt(_ attempt: TeacherAttempt) async throws {
    try await ledger.recordAttempt(attempt)
  }

  public func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws {
    try await ledger.recordAnswer(answer, attempt: attempt)
  }
}

// MARK: - Batches

extension LedgerAnswerStore {
  public func open(_ batch: TeacherBatch, of requests: [BatchedRequest]) async throws -> [BatchedRequest] {
    try await ledger.open(batch, of: requests)
  }

  public func note(_ batch: TeacherBatch) async throws { try await ledger.note(batch) }

  public func openBatches(endpoint: String, model: String) async throws -> [TeacherBatch] {
    try await ledger.openBatches(endpoint: endpoint, model: model)
  }

  public func batchServerIDs() async throws -> Set<String> { try await ledger.batchServerIDs() }

  public func openRequests(ofBatch token: String) async throws -> [BatchedRequest] {
    try await ledger.openRequests(ofBatch: token)
  }

  public func collect(_ results: [BatchedResult], ofBatch token: String) async throws -> Set<ContentID> {
    try await ledger.collect(results, ofBatch: token)
  }

  public func close(batch token: String, outcome: String) async throws {
    try await ledger.close(batch: token, outcome: outcome)
  }
}
