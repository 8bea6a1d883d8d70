import Basics
import HTTPTransport
import Lineage

/// How one family of servers is asked and how its answers read.
protocol TeacherDialect: Sendable {
  /// What follows the profile's endpoint: `/chat/completions`.
  var path: String { get }
  /// The members of the body for a prompt.
  func body(for prompt: Prompt, model: String) -> [String: JSONValue]
  /// Members that need not be sent where they have these values: the API's defaults.
  var defaults: [String: JSONValue] { get }
  /// How a key travels unless the profile says otherwise.
  var keyHeader: TeacherProfile.KeyHeader { get }
  /// Headers that the server demands.
  var headers: HTTPHeaders { get }
  /// What a body with status 200 says.
  /// - Throws: `MalformedAnswer`, `ErrorInAnswer`.
  func reply(from body: JSONValue) throws -> TeacherReply
  /// What it says beside the first answer, where several were asked for.
  func furtherReplies(from body: JSONValue) throws -> [TeacherReply]
  /// The body that a streamed answer would have been at once.
  /// - Throws: `MalformedAnswer` for a stream that ends too early, `ErrorInAnswer`.
  func body(of stream: EventStream) throws -> JSONValue
}

extension TeacherDialect {
  var defaults: [String: JSONValue] { [:] }
  var keyHeader: TeacherProfile.KeyHeader { .bearer }
  var headers: HTTPHeaders { [:] }

  func furtherReplies(from body: JSONValue) throws -> [TeacherReply] { [] }

  /// Each choice but the first, read as if it stood alone.
  func repliesOfChoices(_ body: JSONValue) throws -> [TeacherReply] {
    guard case .object(var members) = body, let choices = body["choices"]?.items else { return [] }
    return try choices.dropFirst().map { choice in
      members["choices"] = .array([choice])
      return try reply(from: .object(members))
    }
  }
}

extension TeacherProfile.Dialect {
  /// Whether one request may ask for several answers.
  var givesSeveral: Bool { self == .openAIChat || self == .openAICompletions }
  /// Whether a request may say by a schema what its answer must be.
  var takesSchema: Bool { self == .openAIChat || self == .anthropic || self == .ollama }
}

/// One answer, whatever the dialect.
struct TeacherReply: Equatable, Sendable {
  /// What goes into documents; empty where the teacher only thought, refused or was stopped.
  var text: String
  /// What the teacher thought before it answered; never a part of a document.
  var reasoning = ""
  var finishReason: FinishReason
  /// Nil when the server does not name it.
  var model: String?
  /// Nil where the server does not count.
  var usage: TokenUsage?
}

/// A response with status 200 that is no answer.
struct MalformedAnswer: Error {
  var detail: String

  init(_ detail: String) { self.detail = detail }
}

/// A response with status 200 that says an error, as proxies send them.
struct ErrorInAnswer: Error {
  var error: JSONValue
}

extension TeacherProfile.Dialect {
  var speaker: any TeacherDialect {
    switch self {
    case .openAIChat: OpenAIChat()
    // Our own servers: what they are asked stays as it was, so that every stored answer is found.
    case .scripted: OpenAIChat(defaults: [:])
    case .openAICompletions: OpenAICompletions()
    // A story is its beginning and what follows.
    case .llama2c: OpenAICompletions(echo: true, defaults: [:])
    case .anthropic: AnthropicMessages()
    case .ollama: OllamaChat()
    }
  }
}

extension JSONValue {
  static func number(_ value: Double) -> JSONValue { .number("\(value)") }
  static func number(_ value: Int) -> JSONValue { .number("\(value)") }
  static func number(_ value: UInt64) -> JSONValue { .number("\(value)") }
  static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

  static func messages(_ messages: [Message]) -> JSONValue {
    .array(messages.map { .object(["role": .string($0.role.rawValue), "content": .string($0.content)]) })
  }
}
