import Basics
import Foundation

/// One question as it goes over the wire, without headers: a prompt, translated into a server's dialect.
///
/// Its id hashes what decides the answer (whom we ask, which model, what is sent), so that a stored answer is found
/// again by any later run, whatever the recipe around it has become.
public struct TeacherRequest: Hashable, Codable, Sendable {
  public let id: ContentID
  public var promptID: ContentID
  /// Whom we ask: the address, or for a scripted teacher its grammar's id, since its port changes with every run.
  public var endpoint: String
  public var model: String
  /// The body, as canonical JSON.
  public var payload: String

  public init(promptID: ContentID, endpoint: String, model: String, payload: String) throws {
    id = try ContentID(ofCanonical: Identity(endpoint: endpoint, model: model, payload: payload))
    self.promptID = promptID
    self.endpoint = endpoint
    self.model = model
    self.payload = payload
  }

  private struct Identity: Encodable {
    var endpoint: String
    var model: String
    var payload: String
  }
}

/// One try at getting a request answered, successful or not.
public struct TeacherAttempt: Hashable, Codable, Sendable {
  public var requestID: ContentID
  /// From 1, counted within one run.
  public var number: Int
  public var startedAt: Date
  public var durationSeconds: Double
  /// The HTTP status; nil when no answer came.
  public var status: Int?
  /// A stable word: `answered`, `rate-limited`, `timed-out`, `malformed`.
  public var outcome: String
  /// What exactly, for a person; never a header, never a key.
  public var detail: String
  /// In US dollars, of a response that was billed and is no answer; an answer's stands with the answer.
  public var cost: Double
  /// In US dollars: what an attempt that was sent and brought no response may have been billed for at most.
  public var possibleCost: Double

  public init(
    requestID: ContentID, number: Int, startedAt: Date, durationSeconds: Double, status: Int?, outcome: String,
    detail: String, cost: Double = 0, possibleCost: Double = 0
  ) {
    self.requestID = requestID
    self.number = number
    self.startedAt = startedAt
    self.durationSeconds = durationSeconds
    self.status = status
    self.outcome = outcome
    self.detail = detail
    self.cost = cost
    self.possibleCost = possibleCost
  }
}

/// An attempt that is about to be sent. It is stored first, so that a full disk is found before money is spent, no
/// other process sends the same request, and a process that is killed leaves word of what it may have paid for.
public struct AttemptLease: Hashable, Sendable {
  public var requestID: ContentID
  /// From 1, counted within one run.
  public var number: Int
  public var startedAt: Date
  /// When the attempt has ended by its own time-outs, if its process lives so long.
  public var expiresAt: Date
  /// In US dollars: the most that it can cost.
  public var possibleCost: Double

  public init(requestID: ContentID, number: Int, startedAt: Date, expiresAt: Date, possibleCost: Double) {
    self.requestID = requestID
    self.number = number
    self.startedAt = startedAt
    self.expiresAt = expiresAt
    self.possibleCost = possibleCost
  }
}

/// Whether an attempt may be sent.
public enum LeaseOutcome: Hashable, Sendable {
  case granted
  /// The request has its answer by now.
  case answered(TeacherAnswer)
  /// Another process is at it.
  case underWay
}

/// What is known of a request.
public enum RequestStanding: Hashable, Sendable {
  case answered(TeacherAnswer)
  case refused(TeacherRefusal)
  /// Neither; `isPromptKnown` where its prompt was put before, perhaps in other words or to another address.
  case open(isPromptKnown: Bool)
}

/// A server's final no to one request: asking again would bring the same.
public struct TeacherRefusal: Hashable, Codable, Sendable {
  public var requestID: ContentID
  /// The HTTP status.
  public var status: Int
  /// The server's own words; never a key.
  public var detail: String

  /// The status of a request that was answered, and whose answer is of no use: it is not asked again.
  public static let answeredStatus = 200
  public var isOfAnswer: Bool { status == Self.answeredStatus }

  public init(requestID: ContentID, status: Int, detail: String) {
    self.requestID = requestID
    self.status = status
    self.detail = detail
  }
}

/// What a teacher said to one request; paid for, so it is stored before anything else happens to it.
public struct TeacherAnswer: Hashable, Codable, Sendable {
  public var requestID: ContentID
  public var text: String
  /// What the teacher thought before; kept for a person to read, and never a part of a document.
  public var reasoning: String
  public var finishReason: FinishReason
  /// The model that answered, as the server names it.
  public var model: String
  public var usage: TokenUsage
  /// Whether the server did not count, so that `usage` is our estimate.
  public var isUsageEstimated: Bool
  /// In US dollars, by the profile's prices.
  public var cost: Double
  /// The response's body as it came: UTF-8 JSON, or a stream of it.
  public var body: String
  /// Further answers that the same response brought; stored with this one.
  public var others: [OtherAnswer] = []
  /// Half surrogate pairs in the response that became U+FFFD; known when it arrives, and not stored.
  public var repairCount = 0

  public init(
    requestID: ContentID, text: String, reasoning: String = "", finishReason: FinishReason, model: String,
    usage: TokenUsage, isUsageEstimated: Bool = false, cost: Double, body: String
  ) {
    self.requestID = requestID
    self.text = text
    self.reasoning = reasoning
    self.isUsageEstimated = isUsageEstimated
    self.finishReason = finishReason
    self.model = model
    self.usage = usage
    self.cost = cost
    self.body = body
  }

  /// In US dollars, of the response that brought it.
  public var totalCost: Double { others.reduce(cost) { $0 + ($1.answer?.cost ?? 0) } }
}

/// One of several answers that were asked for in one request, beside the first.
public struct OtherAnswer: Hashable, Codable, Sendable {
  /// Its own; it was sent as the first one's.
  public var request: TeacherRequest
  /// Nil where the server gave fewer than it was asked for.
  public var answer: TeacherAnswer?

  public init(_ request: TeacherRequest, answer: TeacherAnswer?) {
    self.request = request
    self.answer = answer
  }

  /// Of a server that gave fewer.
  public var refusal: TeacherRefusal {
    TeacherRefusal(
      requestID: request.id, status: TeacherRefusal.answeredStatus,
      detail: "the server gave fewer answers than sampling.n asks for")
  }
}
