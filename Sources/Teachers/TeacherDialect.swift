import Basics
import HTTPTransport
import Lineage

/// How one family of servers is asked and how its answers read.
protocol TeacherDialect: Sendable {
  /// What follows the profile's endpoint: `/chat/completions`.
  var path: String { get }
  /// The body for a prompt, as canonical JSON.
  func payload(for prompt: Prompt, model: String) throws -> String
  /// The headers that carry a key, and any that the server demands.
  func headers(key: SecretText?) -> HTTPHeaders
  /// What a body with status 200 says.
  /// - Throws: `MalformedAnswer`.
  func reply(from body: [UInt8]) throws -> TeacherReply
}

/// One answer, whatever the dialect.
struct TeacherReply: Equatable, Sendable {
  var text: String
  var finishReason: FinishReason
  /// Nil when the server does not name it.
  var model: String?
  var usage: TokenUsage
}

/// A response with status 200 that is no answer.
struct MalformedAnswer: Error {
  var detail: String

  init(_ detail: String) { self.detail = detail }
}

extension TeacherDialect {
  /// The headers of servers that take `Authorization: Bearer`.
  func headers(key: SecretText?) -> HTTPHeaders {
    key.map { ["Authorization": "Bearer \($0.value)"] } ?? [:]
  }

  /// Decodes a body that a server may have cut short or garbled.
  func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws -> Value {
    // JSONDecoder would guess at other encodings.
    guard String(validating: body, as: UTF8.self) != nil else { throw MalformedAnswer("the body is not valid UTF-8") }
    do {
      return try CanonicalJSON.decode(type, from: body)
    } catch let error as DecodingError {
      throw MalformedAnswer(error.plainSummary)
    }
  }
}

extension DecodingError {
  fileprivate var plainSummary: String {
    func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }
    return switch self {
    case .keyNotFound(let key, let context): "the body lacks '\(path(context.codingPath + [key]))'"
    case .typeMismatch(_, let context): "'\(path(context.codingPath))' has another type than expected"
    case .valueNotFound(_, let context): "'\(path(context.codingPath))' is null"
    case .dataCorrupted: "the body is not JSON"
    @unknown default: "the body is not what was expected"
    }
  }
}

extension TeacherProfile.Dialect {
  var speaker: any TeacherDialect {
    switch self {
    case .openAIChat, .scripted: OpenAIChat()
    case .openAICompletions: OpenAICompletions()
    // A story is its beginning and what follows.
    case .llama2c: OpenAICompletions(echo: true)
    case .anthropic: AnthropicMessages()
    case .ollama: OllamaChat()
    }
  }
}
