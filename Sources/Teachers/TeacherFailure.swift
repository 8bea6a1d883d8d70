import Basics
import Foundation
import HTTPTransport

/// Why one attempt brought no answer, and what that means for the next.
struct TeacherFailure: Error, Sendable {
  enum Consequence: Sendable {
    /// Try again; the server may have said when.
    case retry(serverDelaySeconds: Double?)
    /// Too many requests: all wait, and this one is tried again, however often that takes.
    case wait(serverDelaySeconds: Double?)
    /// This request will fail again, and says nothing of the others.
    case refuse
    /// All of them will fail again: stop, with advice.
    case stop(hint: String)
    /// Someone asked us to stop.
    case cancelled
  }

  /// A stable word for the ledger.
  var outcome: String
  var detail: String
  /// The HTTP status, if an answer came.
  var status: Int?
  var consequence: Consequence
  /// In US dollars, of a response that was billed all the same.
  var cost = 0.0
  /// Whether nobody knows if it was billed: the request went out, and no response came.
  var mayBeBilled = false
}

extension TeacherFailure {
  init(_ error: TransportError) {
    let consequence: Consequence =
      switch error.reason {
      case .cancelled: .cancelled
      case _ where error.isTransient: .retry(serverDelaySeconds: nil)
      default: .stop(hint: error.hinted.hint ?? "check the teacher's profile")
      }
    self.init(
      outcome: error.reason.rawValue, detail: error.message, status: nil, consequence: consequence,
      mayBeBilled: error.wasSent)
  }

  /// A response with status 200 that is no answer.
  init(malformed detail: String, status: Int) {
    self.init(
      outcome: "malformed", detail: detail, status: status, consequence: .retry(serverDelaySeconds: nil))
  }

  /// A response with an error status.
  init(_ response: HTTPResponse, retriedStatuses: Set<Int>) {
    let error = ServerError(response.body)
    self = Self.failure(
      response.status, error, retriedStatuses, serverDelay: response.serverDelaySeconds(error.text))
  }

  /// A response with status 200 whose body says an error.
  init(_ error: ErrorInAnswer, retriedStatuses: Set<Int>) {
    let said = ServerError(error.error)
    // Without a status of its own it is taken as a passing one: a proxy's words for what its own server answered.
    self = Self.failure(said.status ?? 502, said, retriedStatuses, serverDelay: nil)
    status = 200
  }

  private static func failure(
    _ status: Int, _ error: ServerError, _ retriedStatuses: Set<Int>, serverDelay: Double?
  ) -> TeacherFailure {
    let detail = error.text.isEmpty ? "status \(status)" : "status \(status): \(error.text)"
    func failure(_ outcome: String, _ consequence: Consequence) -> TeacherFailure {
      TeacherFailure(outcome: outcome, detail: detail, status: status, consequence: consequence)
    }
    switch status {
    case 429 where error.codes.contains("insufficient_quota"), 402:
      return failure(
        "no-quota",
        .stop(hint: "the account has no credit left: add some, or choose another teacher; waiting does not help"))
    case 401:
      return failure("not-authorised", .stop(hint: "check the key in the variable that the teacher's profile names"))
    case 403:
      return failure(
        "forbidden", .stop(hint: "the key may not use this model or address; check the account and the profile"))
    case 404: return failure("not-found", .stop(hint: "check the profile's endpoint and model"))
    case 429: return failure("rate-limited", .wait(serverDelaySeconds: serverDelay))
    case _ where retriedStatuses.contains(status):
      return failure("server-error", .retry(serverDelaySeconds: serverDelay))
    // Of the prompt: a content filter, a context that is too long, a field that this model does not take.
    case 400, 413, 422, 451: return failure("rejected", .refuse)
    default:
      return failure(
        "rejected", .stop(hint: "the server does not take such requests; check the profile's endpoint"))
    }
  }
}

/// What servers write into the body of an error: `{"error": {"message", "type", "code"}}`, `{"error": "text"}`, or
/// anything else.
struct ServerError {
  var codes: Set<String> = []
  /// The HTTP status that the error itself names, as proxies do.
  var status: Int?
  /// At most 300 characters on one line.
  var text: String

  init(_ body: [UInt8]) {
    let value = try? LenientJSON(body).value
    let found = value.flatMap { $0.members == nil ? nil : ServerError($0["error"] ?? $0) }
    if let found, !found.text.isEmpty {
      self = found
    } else {
      codes = found?.codes ?? []
      status = found?.status
      text = Self.oneLine(String(decoding: body.prefix(600), as: UTF8.self))
    }
  }

  /// Of the error alone: an object, or a text.
  init(_ error: JSONValue) {
    codes = Set([error["type"]?.text, error["code"]?.text, error["status"]?.text].compactMap(\.self))
    let number = error["code"]?.count() ?? error["status"]?.count()
    status = number.flatMap { (400...599).contains($0) ? $0 : nil }
    if codes.contains("overloaded_error") { status = status ?? 529 }
    if codes.contains("rate_limit_exceeded") || codes.contains("rate_limit_error") { status = status ?? 429 }
    let message = error.text ?? error["message"]?.text ?? error["detail"]?.text ?? ""
    // A router's words, then those of whom it asked.
    let cause = error["metadata"]?["raw"]?.text ?? ""
    text = Self.oneLine([message, cause].filter { !$0.isEmpty }.joined(separator: ": "))
  }

  private static func oneLine(_ text: String) -> String {
    let printable = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
    return String(String(printable).split(separator: " ").joined(separator: " ").prefix(300))
  }
}
