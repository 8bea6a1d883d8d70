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

  /// Called before a batch is submitted; stores it, and that its requests are under way.
  /// - Returns: those that are to be submitted: nobody has answered them or is at them.
  func open(_ batch: TeacherBatch, of requests: [BatchedRequest]) async throws -> [BatchedRequest]
  /// Called as soon as the server has named a batch, or its file.
  func note(_ batch: TeacherBatch) async throws
  /// A teacher's batches that are not closed, oldest first.
  func openBatches(endpoint: String, model: String) async throws -> [TeacherBatch]
  /// What servers called all batches so far.
  func batchServerIDs() async throws -> Set<String>
  /// Those of a batch's requests of which nothing is stored.
  func openRequests(ofBatch token: String) async throws -> [BatchedRequest]
  /// Stores what came of a batch's requests; returns those of which it was not stored before.
  func collect(_ results: [BatchedResult], ofBatch token: String) async throws -> Set<ContentID>
  func close(batch token: String, outcome: String) async throws
}
