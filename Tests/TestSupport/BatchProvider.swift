import Foundation
import Synchronization

/// What a provider of batches does: OpenAI's `/files` and `/batches`, Anthropic's `/messages/batches`, and their
/// ordinary endpoints beside them. It keeps its own books, as `LoopbackServer`'s handler.
public final class BatchProvider: Sendable {
  /// What becomes of one request of a batch.
  public enum Fate: Sendable {
    case answered
    case error(status: Int, type: String, message: String)
    case expired, cancelled
    /// The results do not mention it.
    case omitted
  }

  public struct Batch: Sendable {
    public var id: String
    public var names: [String]
    var bodies: [String: String]
    var inputFileID: String?
    var token: String?
    var createdAt = Date()
    public internal(set) var lookCountSoFar = 0
    /// Decided once, when the batch is made.
    var fates: [String: Fate]
    var failure: (code: String, message: String)?
  }

  private struct State {
    var files: [String: String] = [:]
    var batches: [Batch] = []
    var isHeld = false
    var answeredNames: [String] = []
    var ordinaryCount = 0
  }

  /// So many looks see a batch under way.
  private let lookCount: Int
  private let fate: @Sendable (_ name: String, _ batchNumber: Int) -> Fate
  /// The words of a batch, from 1, of which none is taken.
  private let failure: @Sendable (_ batchNumber: Int) -> (code: String, message: String)?
  /// Applied to what is answered to the n-th submission of a batch, from 1.
  private let submission: @Sendable (_ number: Int, LoopbackServer.Reply) -> LoopbackServer.Reply
  /// The text that answers a body.
  private let answer: @Sendable (_ body: String) -> String
  private let state = Mutex(State())

  public init(
    lookCount: Int = 1, fate: @escaping @Sendable (String, Int) -> Fate = { _, _ in .answered },
    failure: @escaping @Sendable (Int) -> (code: String, message: String)? = { _ in nil },
    submission: @escaping @Sendable (Int, LoopbackServer.Reply) -> LoopbackServer.Reply = { $1 },
    answer: @escaping @Sendable (_ body: String) -> String = { "to \(BatchProvider.lastMessage($0))" }
  ) {
    self.answer = answer
    self.lookCount = lookCount
    self.fate = fate
    self.failure = failure
    self.submission = submission
  }

  public var batches: [Batch] { state.withLock { $0.batches } }
  /// The requests that were answered and billed, by the names they had in batches.
  public var answeredNames: [String] { state.withLock { $0.answeredNames } }
  /// Requests that came alone.
  public var ordinaryCount: Int { state.withLock { $0.ordinaryCount } }
  /// Keeps batches from ending.
  public func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

  public func reply(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    let path = request.path.split(separator: "?").first.map(String.init) ?? ""
    let parts = path.split(separator: "/").dropFirst().map(String.init)
    switch (request.method, parts.first, parts.count) {
    case ("POST", "files", 1): return upload(request)
    case ("GET", "files", 3): return file(parts[1])
    case ("POST", "batches", 1): return create(request)
    case ("GET", "batches", 1): return list { Self.openAI($0, held: true, looks: 0) }
    case ("GET", "batches", 2): return look(parts[1]) { Self.openAI($0, held: $1, looks: self.lookCount) }
    case ("POST", "messages", 2): return create(request)
    case ("GET", "messages", 2): return list { Self.anthropic($0, held: true, looks: 0) }
    case ("GET", "messages", 3): return look(parts[2]) { Self.anthropic($0, held: $1, looks: self.lookCount) }
    case ("GET", "messages", 4): return results(parts[2])
    case ("POST", "chat", 2):
      state.withLock { $0.ordinaryCount += 1 }
      return .json(completion(String(decoding: request.body, as: UTF8.self)))
    default: return .json(#"{"error":{"message":"no such thing here"}}"#, status: 404)
    }
  }
}

// MARK: - Submissions

extension BatchProvider {
  private func upload(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    let text = String(decoding: request.body, as: UTF8.self)
    let isForm = request.headers["content-type"]?.hasPrefix("multipart/form-data; boundary=") == true
    guard isForm, text.contains("name=\"purpose\"\r\n\r\nbatch\r\n"),
      let start = text.range(of: "Content-Type: application/jsonl\r\n\r\n"),
      let end = text.range(of: "\r\n--", options: [], range: start.upperBound..<text.endIndex)
    else { return .json(#"{"error":{"message":"no batch file"}}"#, status: 400) }
    return state.withLock { state in
      let id = "file-\(state.files.count + 1)"
      state.files[id] = String(text[start.upperBound..<end.lowerBound])
      return .json(#"{"id":"\#(id)","object":"file","purpose":"batch"}"#)
    }
  }

  private func create(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    let body = Self.object(request.body)
    let (reply, number): (LoopbackServer.Reply, Int) = state.withLock { state in
      let number = state.batches.count + 1
      guard let bodies = Self.bodies(of: body, files: state.files), !bodies.isEmpty else {
        return (.json(#"{"error":{"message":"no requests"}}"#, status: 400), number)
      }
      let names = bodies.map(\.name)
      var batch = Batch(
        id: "batch_\(number)", names: names,
        bodies: Dictionary(bodies.map { ($0.name, $0.body) }) { first, _ in first },
        inputFileID: body["input_file_id"] as? String,
        token: (body["metadata"] as? [String: Any])?["alambic"] as? String,
        fates: Dictionary(names.map { ($0, fate($0, number)) }) { first, _ in first })
      batch.failure = failure(number)
      state.batches.append(batch)
      let shown =
        batch.inputFileID == nil
        ? Self.anthropic(batch, held: true, looks: 0) : Self.openAI(batch, held: true, looks: 0)
      return (.json(shown), number)
    }
    return submission(number, reply)
  }

  private static func bodies(of submission: [String: Any], files: [String: String]) -> [(name: String, body: String)]? {
    if let requests = submission["requests"] as? [[String: Any]] {
      return requests.compactMap { entry in
        guard let name = entry["custom_id"] as? String, let params = entry["params"] else { return nil }
        return (name, text(params))
      }
    }
    guard let file = (submission["input_file_id"] as? String).flatMap({ files[$0] }),
      submission["completion_window"] as? String == "24h"
    else { return nil }
    return file.split(separator: "\n").compactMap { line in
      let entry = object(Array(line.utf8))
      guard let name = entry["custom_id"] as? String, let body = entry["body"], entry["method"] as? String == "POST",
        entry["url"] as? String == submission["endpoint"] as? String
      else { return nil }
      return (name, text(body))
    }
  }
}

// MARK: - Looks and results

extension BatchProvider {
  private func list(_ shown: (Batch) -> String) -> LoopbackServer.Reply {
    .json(#"{"data":[\#(batches.reversed().map(shown).joined(separator: ","))],"has_more":false}"#)
  }

  private func look(_ id: String, _ shown: (Batch, Bool) -> String) -> LoopbackServer.Reply {
    state.withLock { state in
      guard let index = state.batches.firstIndex(where: { $0.id == id }) else {
        return .json(#"{"error":{"message":"no such batch"}}"#, status: 404)
      }
      state.batches[index].lookCountSoFar += 1
      return .json(shown(state.batches[index], state.isHeld))
    }
  }

  private static func openAI(_ batch: Batch, held: Bool, looks: Int) -> String {
    let fates = Array(batch.fates.values)
    let isOver = !held && batch.lookCountSoFar > looks
    var status = isOver ? "completed" : "in_progress"
    if fates.contains(where: { if case .expired = $0 { true } else { false } }), isOver { status = "expired" }
    if fates.contains(where: { if case .cancelled = $0 { true } else { false } }), isOver { status = "cancelled" }
    var extra = ""
    if let failure = batch.failure {
      status = "failed"
      extra = #","errors":{"data":[{"code":"\#(failure.code)","message":"\#(failure.message)","line":1}]}"#
    } else if isOver {
      extra = #","output_file_id":"out-\#(batch.id)","error_file_id":"err-\#(batch.id)""#
    }
    return #"{"id":"\#(batch.id)","object":"batch","status":"\#(status)","created_at":"#
      + "\(Int(batch.createdAt.timeIntervalSince1970))"
      + #","input_file_id":"\#(batch.inputFileID ?? "")","metadata":{"alambic":"\#(batch.token ?? "")"},"#
      + #""request_counts":{"total":\#(batch.names.count),"completed":0,"failed":0}\#(extra)}"#
  }

  private static func anthropic(_ batch: Batch, held: Bool, looks: Int) -> String {
    let isOver = !held && batch.lookCountSoFar > looks
    let counts = isOver ? #""processing":0,"succeeded":\#(batch.names.count)"# : #""processing":\#(batch.names.count)"#
    return #"{"id":"\#(batch.id)","type":"message_batch","processing_status":"\#(isOver ? "ended" : "in_progress")","#
      + #""request_counts":{\#(counts)},"created_at":"\#(batch.createdAt.formatted(.iso8601))","#
      + #""results_url":"http://elsewhere.invalid/steals/keys"}"#
  }

  private func results(_ id: String) -> LoopbackServer.Reply {
    state.withLock { state in
      guard let batch = state.batches.first(where: { $0.id == id }) else { return .json("{}", status: 404) }
      // In another order than they were asked in.
      let lines = batch.names.reversed().compactMap { name -> String? in
        switch batch.fates[name] {
        case .answered, nil:
          Self.bill(name, &state)
          return
            #"{"custom_id":"\#(name)","result":{"type":"succeeded","message":\#(message(batch.bodies[name]))}}"#
        case .error(_, let type, let message):
          let error = #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"}}"#
          return #"{"custom_id":"\#(name)","result":{"type":"errored","error":\#(error)}}"#
        case .expired: return #"{"custom_id":"\#(name)","result":{"type":"expired"}}"#
        case .cancelled: return #"{"custom_id":"\#(name)","result":{"type":"canceled"}}"#
        case .omitted: return nil
        }
      }
      return LoopbackServer.Reply(
        headers: ["Content-Type": "application/x-jsonl"], body: Array(lines.joined(separator: "\n").utf8))
    }
  }

  /// Answers stand in one file, everything else in the other.
  private func file(_ id: String) -> LoopbackServer.Reply {
    state.withLock { state in
      let wantsErrors = id.hasPrefix("err-")
      guard let batch = state.batches.first(where: { id.hasSuffix("-\($0.id)") }) else {
        return .json("{}", status: 404)
      }
      let lines = batch.names.reversed().compactMap { name -> String? in
        switch batch.fates[name] {
        case .answered, nil:
          guard !wantsErrors else { return nil }
          Self.bill(name, &state)
          let body = completion(batch.bodies[name] ?? "")
          return #"{"id":"r","custom_id":"\#(name)","response":{"status_code":200,"body":\#(body)},"error":null}"#
        case .error(let status, let type, let message) where wantsErrors:
          let body = #"{"error":{"type":"\#(type)","message":"\#(message)"}}"#
          return #"{"custom_id":"\#(name)","response":{"status_code":\#(status),"body":\#(body)},"error":null}"#
        case .expired where wantsErrors:
          return #"{"custom_id":"\#(name)","response":null,"error":{"code":"batch_expired","message":"too late"}}"#
        default: return nil
        }
      }
      return LoopbackServer.Reply(
        headers: ["Content-Type": "application/octet-stream"], body: Array(lines.joined(separator: "\n").utf8))
    }
  }

  private func completion(_ body: String) -> String {
    // As many choices as are asked for; the first has no number.
    let count = Self.object(Array(body.utf8))["n"] as? Int ?? 1
    let choices = (0..<count).map { index in
      let text = index == 0 ? quoted(body) : String(quoted(body).dropLast()) + " #\(index)\""
      return #"{"index":\#(index),"message":{"content":\#(text)},"finish_reason":"stop"}"#
    }
    return #"{"model":"m","choices":[\#(choices.joined(separator: ","))],"#
      + #""usage":{"prompt_tokens":3,"completion_tokens":\#(2 * count)}}"#
  }

  private static func bill(_ name: String, _ state: inout State) {
    if !state.answeredNames.contains(name) { state.answeredNames.append(name) }
  }

  private func message(_ body: String?) -> String {
    #"{"type":"message","model":"m","content":[{"type":"text","text":\#(quoted(body ?? ""))}],"#
      + #""stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}"#
  }

  private func quoted(_ body: String) -> String {
    (try? JSONEncoder().encode(answer(body))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  public static func lastMessage(_ body: String) -> String {
    let messages = object(Array(body.utf8))["messages"] as? [[String: Any]]
    return messages?.last?["content"] as? String ?? ""
  }

  private static func object(_ bytes: [UInt8]) -> [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]) ?? [:]
  }

  private static func text(_ value: Any) -> String {
    (try? JSONSerialization.data(withJSONObject: value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
