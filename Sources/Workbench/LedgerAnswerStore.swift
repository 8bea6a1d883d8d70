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

  public func refusal(of requestID: ContentID) async throws -> TeacherRefusal? {
    try await ledger.refusal(of: requestID)
  }

  public func recordRefusal(_ refusal: TeacherRefusal) async throws {
    try await ledger.recordRefusal(refusal)
  }

  public func recordRequests(_ requests: [TeacherRequest]) async throws {
    try await ledger.recordRequests(requests)
  }

  public func recordAttempt(_ attempt: TeacherAttempt) async throws {
    try await ledger.recordAttempt(attempt)
  }

  public func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws {
    try await ledger.recordAnswer(answer, attempt: attempt)
  }
}
