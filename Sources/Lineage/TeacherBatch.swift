import Basics
import Foundation

/// Requests that go to a teacher together and are answered within a day, for less: a provider's batch API.
///
/// It is stored before it is submitted, and its name at the server before the server is asked about it; so a process
/// that is killed anywhere between leaves what finds the batch again.
public struct TeacherBatch: Hashable, Sendable {
  /// Our own name for it, which the server is told where it takes such.
  public var token: String
  /// Whom it is for, as its requests say it.
  public var endpoint: String
  public var model: String
  public var requestCount: Int
  public var submittedAt: Date
  /// The uploaded requests' name at the server, where they are uploaded first.
  public var inputFileID: String?
  /// The batch's name at the server; nil as long as it has not said one.
  public var serverID: String?
  /// Whether another process is about to submit it.
  public var isBeingSubmitted = false

  public init(
    token: String, endpoint: String, model: String, requestCount: Int, submittedAt: Date, inputFileID: String? = nil,
    serverID: String? = nil
  ) {
    self.token = token
    self.endpoint = endpoint
    self.model = model
    self.requestCount = requestCount
    self.submittedAt = submittedAt
    self.inputFileID = inputFileID
    self.serverID = serverID
  }

  /// A token that nobody else has.
  public static func newToken() -> String {
    "\(String(UInt64.random(in: 0...UInt64.max), radix: 16))-\(String(UInt64.random(in: 0...UInt64.max), radix: 16))"
  }

  /// Days after which a batch's answers are gone at every provider.
  public static let keptDays = 30.0
}

/// A request of a batch, and in US dollars the most that it can cost there.
public struct BatchedRequest: Hashable, Sendable {
  public var request: TeacherRequest
  public var possibleCost: Double
  /// Those of the answers that come beside the first, in their order.
  public var others: [TeacherRequest]

  public init(_ request: TeacherRequest, possibleCost: Double, others: [TeacherRequest] = []) {
    self.request = request
    self.possibleCost = possibleCost
    self.others = others
  }
}

/// What came of one request of a batch.
public struct BatchedResult: Sendable {
  /// Nil where none came.
  public var answer: TeacherAnswer?
  public var attempt: TeacherAttempt

  public init(_ attempt: TeacherAttempt, answer: TeacherAnswer? = nil) {
    self.attempt = attempt
    self.answer = answer
  }
}
