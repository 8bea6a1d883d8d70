import Basics
import Lineage

/// Where a teacher's requests and answers are kept; the stage knows no database.
///
/// Each method has stored what it was given when it returns.
public protocol AnswerStore: Sendable {
  /// The answer that an earlier run paid for; nil when there is none.
  func answer(for requestID: ContentID) async throws -> TeacherAnswer?
  /// What is known of requests, in their order.
  func standings(of requests: [(promptID: ContentID, requestID: ContentID)]) async throws -> [RequestStanding]
  /// Called before a request is sent; stores it and that it is under way, unless it need not be sent.
  func lease(_ lease: AttemptLease, of request: TeacherRequest) async throws -> LeaseOutcome
  /// Called for every try that brought no answer; the request is then under way no more.
  func recordAttempt(_ attempt: TeacherAttempt) async throws
  /// Stores both in one transaction; a request that has its answer keeps it.
  func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws
  /// Called once a request's refusal is known to be its own, and not that of a profile that fits no request.
  func recordRefusal(_ refusal: TeacherRefusal) async throws
}
