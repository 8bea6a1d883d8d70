import Basics
import Lineage

/// Where a teacher's requests and answers are kept; the stage knows no database.
///
/// Each method has stored what it was given when it returns.
public protocol AnswerStore: Sendable {
  /// The answer that an earlier run paid for; nil when there is none.
  func answer(for requestID: ContentID) async throws -> TeacherAnswer?
  /// The final no that an earlier run got; nil when there is none.
  func refusal(of requestID: ContentID) async throws -> TeacherRefusal?
  /// Called once a request's refusal is known to be its own, and not that of a profile that fits no request.
  func recordRefusal(_ refusal: TeacherRefusal) async throws
  /// Called before the first of them is sent, in one transaction; recording one again changes nothing.
  func recordRequests(_ requests: [TeacherRequest]) async throws
  /// Called for every try that brought no answer.
  func recordAttempt(_ attempt: TeacherAttempt) async throws
  /// Stores both in one transaction; a request that has its answer keeps it.
  func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws
}
