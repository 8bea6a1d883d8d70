import Basics
import Foundation
import HTTPTransport
import Lineage

/// How one family of servers takes many requests at once, to answer them within a day at a lower price.
protocol BatchDialect: Sendable {
  /// Whether a batch that is submitted has a file.
  var hasFiles: Bool { get }
  /// Sends the requests ahead of the batch; nil where they stand in its submission.
  func upload(_ entries: [BatchEntry], of batch: TeacherBatch) -> BatchCall?
  func submission(_ entries: [BatchEntry], of batch: TeacherBatch) throws -> BatchCall
  /// Asks how far a batch is.
  func look(at id: String) -> BatchCall
  /// Lists batches, newest first.
  func list(after id: String?) -> BatchCall
  /// What the answer to any of these says of a batch.
  func status(from body: JSONValue) throws -> BatchStatus
  /// Whether a batch in the list is ours, of which we don't know whether it arrived.
  func isSame(_ status: BatchStatus, as batch: TeacherBatch) -> Bool
  /// A line of the results.
  func result(from line: JSONValue) throws -> BatchLine
}

/// One request within a batch.
struct BatchEntry: Sendable {
  /// The request's id without `sha256:`, as servers take 64 characters.
  var name: String
  /// The body, as JSON on one line.
  var payload: String

  /// - Parameter request: as it would be sent alone; batches are never streamed.
  init(_ request: TeacherRequest) throws {
    name = request.id.hex
    payload = request.payload
    guard case .object(var members) = try LenientJSON(Array(request.payload.utf8)).value,
      members["stream"] == .bool(true)
    else { return }
    members["stream"] = nil
    members["stream_options"] = nil
    payload = try CanonicalJSON.text(JSONValue.object(members))
  }
}

/// One exchange of a batch API.
struct BatchCall: Sendable {
  var method: HTTPRequest.Method
  /// Behind the profile's endpoint.
  var path: String
  /// Behind the profile's own.
  var query: [(name: String, value: String)] = []
  var contentType = "application/json"
  var body: [UInt8] = []

  static func get(_ path: String, query: [(name: String, value: String)] = []) -> BatchCall {
    BatchCall(method: .get, path: path, query: query)
  }
}

/// How far a batch is.
struct BatchStatus: Sendable {
  enum Phase: Sendable {
    case underWay
    case ended
    /// None of its requests was taken.
    case failed(code: String, detail: String)
  }

  /// What became of requests that the results do not mention.
  enum Rest: String, Sendable {
    case lost, expired, cancelled
  }

  var id: String
  var phase: Phase
  var rest = Rest.lost
  var doneCount = 0
  var requestCount = 0
  /// Where its results stand; each is a text of JSON lines.
  var results: [BatchCall] = []
  var inputFileID: String?
  var createdAt: Date?
}

/// What a line of results says.
struct BatchLine: Sendable {
  enum Outcome: Sendable {
    /// What the server would have answered to the request alone.
    case response(status: Int, body: JSONValue)
    /// It was never asked.
    case expired, cancelled
  }

  var name: String
  var outcome: Outcome
}

extension TeacherProfile.Dialect {
  /// Nil where no server of this dialect takes batches.
  var batches: (any BatchDialect)? {
    switch self {
    case .openAIChat, .openAICompletions: OpenAIBatches(path: speaker.path)
    case .anthropic: AnthropicBatches()
    case .ollama, .scripted, .llama2c: nil
    }
  }
}

extension TeacherProfile {
  /// - Throws: `HintedError` for a teacher that takes no batches.
  public func checkTakesBatches() throws { _ = try batches() }

  func batches() throws -> any BatchDialect {
    if let batches = dialect.batches { return batches }
    throw HintedError(
      "the teacher '\(name)' takes no batches: the dialect \(dialect.rawValue) has no such API",
      hint: "leave --batch out; openai-chat, openai-completions and anthropic have it", status: .usage)
  }
}
