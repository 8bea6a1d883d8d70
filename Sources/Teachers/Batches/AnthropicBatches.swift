import Basics
import Foundation
import HTTPTransport
import Lineage

/// `/messages/batches`: requests stand in the submission, and one text of JSON lines has what came of them.
struct AnthropicBatches: BatchDialect {
  let hasFiles = false
  private static let path = "/messages/batches"
  /// How far a server's clock may be from ours, in seconds.
  private static let clockError = 600.0

  func upload(_ entries: [BatchEntry], of batch: TeacherBatch) -> BatchCall? { nil }

  func submission(_ entries: [BatchEntry], of batch: TeacherBatch) -> BatchCall {
    var body = Array(#"{"requests":["#.utf8)
    for (index, entry) in entries.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += #"{"custom_id":"\#(entry.name)","params":"#.utf8 + Array(entry.payload.utf8) + "}".utf8
    }
    body += "]}".utf8
    return BatchCall(method: .post, path: Self.path, body: body)
  }

  func look(at id: String) -> BatchCall { .get("\(Self.path)/\(id)") }

  func list(after id: String?) -> BatchCall {
    .get(Self.path, query: [("limit", "100")] + (id.map { [("after_id", $0)] } ?? []))
  }

  /// The address that the server gives for results is not followed: the key would go wherever it leads.
  func status(from body: JSONValue) throws -> BatchStatus {
    guard let id = body["id"]?.text.flatMap(BatchName.checked) else { throw MalformedAnswer("the batch has no id") }
    let counts = ["succeeded", "errored", "canceled", "expired"].map { body["request_counts"]?[$0]?.count() ?? 0 }
    let doneCount = counts.reduce(0, +)
    return BatchStatus(
      id: id, phase: body["processing_status"]?.text == "ended" ? .ended : .underWay, doneCount: doneCount,
      requestCount: doneCount + (body["request_counts"]?["processing"]?.count() ?? 0),
      results: [.get("\(Self.path)/\(id)/results")],
      createdAt: body["created_at"]?.text.flatMap(Self.date))
  }

  private static func date(_ text: String) -> Date? {
    (try? Date(text, strategy: .iso8601))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }

  /// Batches have no names of our own here: one of the same size that began since then, and that no ledger row knows.
  func isSame(_ status: BatchStatus, as batch: TeacherBatch) -> Bool {
    status.requestCount == batch.requestCount
      && (status.createdAt.map { $0 >= batch.submittedAt.addingTimeInterval(-Self.clockError) } ?? false)
  }

  private static let statuses = [
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429, "api_error": 500, "timeout_error": 504,
    "overloaded_error": 529,
  ]

  func result(from line: JSONValue) throws -> BatchLine {
    guard let name = line["custom_id"]?.text, let result = line["result"] else {
      throw MalformedAnswer("the line names no request")
    }
    switch result["type"]?.text {
    case "succeeded":
      guard let message = result["message"] else { throw MalformedAnswer("the line has no message") }
      return BatchLine(name: name, outcome: .response(status: 200, body: message))
    case "expired": return BatchLine(name: name, outcome: .expired)
    case "canceled": return BatchLine(name: name, outcome: .cancelled)
    default:
      let error = result["error"]?["error"] ?? result["error"] ?? .null
      let status = error["type"]?.text.flatMap { Self.statuses[$0] } ?? 500
      return BatchLine(name: name, outcome: .response(status: status, body: .object(["error": error])))
    }
  }
}
