import Basics
import Foundation
import HTTPTransport
import Lineage

/// `/files` and `/batches`: requests are uploaded as JSON lines, answers and errors come back as two such files.
struct OpenAIBatches: BatchDialect {
  /// Of one request: `/chat/completions`.
  let path: String
  let hasFiles = true

  func upload(_ entries: [BatchEntry], of batch: TeacherBatch) -> BatchCall? {
    let boundary = "alambic-\(batch.token)"
    var body = Array(
      """
      --\(boundary)\r
      Content-Disposition: form-data; name="purpose"\r
      \r
      batch\r
      --\(boundary)\r
      Content-Disposition: form-data; name="file"; filename="\(boundary).jsonl"\r
      Content-Type: application/jsonl\r
      \r

      """.utf8)
    for entry in entries {
      body +=
        #"{"custom_id":"\#(entry.name)","method":"POST","url":"/v1\#(path)","body":"#.utf8 + Array(entry.payload.utf8)
        + "}\n".utf8
    }
    body += "\r\n--\(boundary)--\r\n".utf8
    return BatchCall(
      method: .post, path: "/files", contentType: "multipart/form-data; boundary=\(boundary)", body: body)
  }

  func submission(_ entries: [BatchEntry], of batch: TeacherBatch) throws -> BatchCall {
    let fields: JSONValue = .object([
      "input_file_id": .string(batch.inputFileID ?? ""), "endpoint": .string("/v1" + path),
      "completion_window": .string("24h"), "metadata": .object(["alambic": .string(batch.token)]),
    ])
    return BatchCall(method: .post, path: "/batches", body: try CanonicalJSON.encode(fields))
  }

  func look(at id: String) -> BatchCall { .get("/batches/\(id)") }

  func list(after id: String?) -> BatchCall {
    .get("/batches", query: [("limit", "100")] + (id.map { [("after", $0)] } ?? []))
  }

  func status(from body: JSONValue) throws -> BatchStatus {
    guard let id = body["id"]?.text.flatMap(BatchName.checked) else { throw MalformedAnswer("the batch has no id") }
    let counts = body["request_counts"]
    var status = BatchStatus(
      id: id, phase: .underWay, doneCount: (counts?["completed"]?.count() ?? 0) + (counts?["failed"]?.count() ?? 0),
      requestCount: counts?["total"]?.count() ?? 0, inputFileID: body["input_file_id"]?.text,
      createdAt: body["created_at"]?.count(limit: 1 << 40).map { Date(timeIntervalSince1970: Double($0)) })
    status.results = [body["output_file_id"], body["error_file_id"]].compactMap { $0?.text.flatMap(BatchName.checked) }
      .map { .get("/files/\($0)/content") }
    switch body["status"]?.text {
    case "completed": status.phase = .ended
    case "expired": (status.phase, status.rest) = (.ended, .expired)
    case "cancelled": (status.phase, status.rest) = (.ended, .cancelled)
    case "failed":
      let errors = body["errors"]?["data"]?.items ?? []
      let said = errors.prefix(3).compactMap { ServerError($0).text }.joined(separator: "; ")
      status.phase = .failed(
        code: errors.first?["code"]?.text ?? "", detail: said.isEmpty ? "no reason is given" : said)
    default: break
    }
    return status
  }

  /// A file belongs to one batch.
  func isSame(_ status: BatchStatus, as batch: TeacherBatch) -> Bool {
    batch.inputFileID != nil && status.inputFileID == batch.inputFileID
  }

  func result(from line: JSONValue) throws -> BatchLine {
    guard let name = line["custom_id"]?.text else { throw MalformedAnswer("the line names no request") }
    if let response = line["response"], let body = response["body"] {
      return BatchLine(name: name, outcome: .response(status: response["status_code"]?.count() ?? 200, body: body))
    }
    switch line["error"]?["code"]?.text {
    case "batch_expired": return BatchLine(name: name, outcome: .expired)
    case "batch_cancelled": return BatchLine(name: name, outcome: .cancelled)
    default:
      return BatchLine(name: name, outcome: .response(status: 500, body: .object(["error": line["error"] ?? .null])))
    }
  }
}

/// A server's name for something, which becomes a part of an address.
enum BatchName {
  /// Nil for what could lead elsewhere.
  static func checked(_ name: String) -> String? {
    let isPlain = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
    }
    return isPlain && (1...200).contains(name.utf8.count) ? name : nil
  }
}
