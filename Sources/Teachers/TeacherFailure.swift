import Basics
import Foundation
import HTTPTransport

/// Why one attempt brought no answer, and what that means for the next.
struct TeacherFailure: Error, Sendable {
  enum Consequence: Sendable {
    /// Try again; the server may have said when.
    case retry(serverDelaySeconds: Double?)
    /// This request, or all of them, will fail again: stop, with advice.
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
}

extension TeacherFailure {
  init(_ error: TransportError) {
    let consequence: Consequence =
      switch error.reason {
      case .cancelled: .cancelled
      case _ where error.isTransient: .retry(serverDelaySeconds: nil)
      default: .stop(hint: error.hinted.hint ?? "check the teacher's profile")
      }
    self.init(outcome: error.reason.rawValue, detail: error.message, status: nil, consequence: consequence)
  }

  /// A response with status 200 that is no answer.
  init(malformed detail: String, status: Int) {
    self.init(
      outcome: "malformed", detail: detail, status: status, consequence: .retry(serverDelaySeconds: nil))
  }

  /// A response with an error status.
  init(_ response: HTTPResponse, retriedStatuses: Set<Int>) {
    let error = ServerError(response.body)
    let detail = error.text.isEmpty ? "status \(response.status)" : "status \(response.status): \(error.text)"
    if let (outcome, hint) = Self.permanent(response.status, error) {
      self.init(outcome: outcome, detail: detail, status: response.status, consequence: .stop(hint: hint))
    } else if retriedStatuses.contains(response.status) {
      self.init(
        outcome: response.status == 429 ? "rate-limited" : "server-error", detail: detail, status: response.status,
        consequence: .retry(serverDelaySeconds: response.headers.retryAfterSeconds()))
    } else {
      self.init(
        outcome: "rejected", detail: detail, status: response.status,
        consequence: .stop(hint: "the server does not take this request; check model, sampling and prompt"))
    }
  }

  private static func permanent(_ status: Int, _ error: ServerError) -> (outcome: String, hint: String)? {
    switch status {
    case 429 where error.codes.contains("insufficient_quota"), 402:
      ("no-quota", "the account has no credit left: add some, or choose another teacher; waiting does not help")
    case 401: ("not-authorised", "check the key in the variable that the teacher's profile names")
    case 403: ("forbidden", "the key may not use this model or address; check the account and the profile")
    case 404: ("not-found", "check the profile's endpoint and model")
    default: nil
    }
  }
}

/// What servers write into the body of an error: `{"error": {"message", "type", "code"}}`, `{"error": "text"}`, or
/// anything else.
struct ServerError {
  var codes: Set<String> = []
  /// At most 300 characters on one line.
  var text: String

  init(_ body: [UInt8]) {
    let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
    let error = object?["error"] as? [String: Any] ?? object ?? [:]
    codes = Set(["type", "code"].compactMap { error[$0] as? String })
    let message = error["message"] as? String ?? object?["error"] as? String
    text = Self.oneLine(message ?? String(decoding: body.prefix(600), as: UTF8.self))
  }

  private static func oneLine(_ text: String) -> String {
    let printable = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
    return String(String(printable).split(separator: " ").joined(separator: " ").prefix(300))
  }
}
