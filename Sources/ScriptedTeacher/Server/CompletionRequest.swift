import Basics

/// The body of `POST /v1/chat/completions` or `POST /v1/completions`, checked.
///
/// Penalties and other keys are accepted and change nothing; to a grammar `top_p` is one of them.
struct CompletionRequest {
  enum Endpoint: String {
    case chat = "/v1/chat/completions"
    case text = "/v1/completions"
  }

  var model: String
  var messages: [ScriptedTeacher.Message]
  var answerCount: Int
  var seed: UInt64
  var temperature: Double
  var topP: Double
  /// No limit when nil.
  var maxTokens: Int?
  var stops: [String]
  /// Whether an answer begins with the prompt; of continuations only.
  var isEchoed: Bool

  /// - Throws: `APIError` with status 400.
  init(_ body: [UInt8], for endpoint: Endpoint) throws {
    let fields = try Self.fields(of: body)
    model = fields.model
    messages = try Self.messages(of: fields, for: endpoint)
    answerCount = try Self.check(fields.n ?? 1, in: 1...128, named: "n")
    // A seed's bits matter, not its sign.
    seed = UInt64(bitPattern: fields.seed ?? 0)
    temperature = try Self.check(fields.temperature ?? 1, in: 0...2, named: "temperature")
    topP = try Self.check(fields.topP ?? 1, in: 0...1, named: "top_p")
    maxTokens = try (fields.maxCompletionTokens ?? fields.maxTokens).map {
      try Self.check($0, in: 1...1_000_000, named: "max_tokens")
    }
    stops = try Self.stops(of: fields)
    isEchoed = endpoint == .text && fields.echo == true
    guard fields.stream != true else { throw APIError.malformed("answers are not streamed here", parameter: "stream") }
  }

  private static func fields(of body: [UInt8]) throws -> Fields {
    do {
      return try CanonicalJSON.decode(Fields.self, from: body)
    } catch let failure as DecodingError {
      throw APIError.malformed(failure.summary)
    }
  }

  private static func messages(of fields: Fields, for endpoint: Endpoint) throws -> [ScriptedTeacher.Message] {
    switch endpoint {
    case .chat:
      guard let messages = fields.messages, !messages.isEmpty else {
        throw APIError.malformed("'messages' should hold at least one message", parameter: "messages")
      }
      return messages
    case .text:
      guard let prompt = fields.prompt else { throw APIError.malformed("'prompt' is missing", parameter: "prompt") }
      return [ScriptedTeacher.Message(role: "user", content: prompt)]
    }
  }

  private static func stops(of fields: Fields) throws -> [String] {
    let stops = fields.stop?.texts ?? []
    guard stops.count <= 4, stops.allSatisfy({ !$0.isEmpty }) else {
      throw APIError.malformed("'stop' takes up to 4 texts that are not empty", parameter: "stop")
    }
    return stops
  }

  private static func check<Value: Comparable>(
    _ value: Value, in range: ClosedRange<Value>, named name: String
  ) throws -> Value {
    guard range.contains(value) else {
      throw APIError.malformed(
        "'\(name)' is \(value), outside \(range.lowerBound)…\(range.upperBound)", parameter: name)
    }
    return value
  }
}

extension CompletionRequest {
  /// The body as it is written.
  private struct Fields: Decodable {
    var model: String
    var messages: [ScriptedTeacher.Message]?
    var prompt: String?
    var n: Int?
    var seed: Int64?
    var temperature: Double?
    var topP: Double?
    var maxTokens: Int?
    var maxCompletionTokens: Int?
    var stop: Stop?
    var stream: Bool?
    var echo: Bool?

    enum CodingKeys: String, CodingKey {
      case model, messages, prompt, n, seed, temperature, stop, stream, echo
      case topP = "top_p"
      case maxTokens = "max_tokens"
      case maxCompletionTokens = "max_completion_tokens"
    }
  }

  /// One text or several.
  private struct Stop: Decodable {
    var texts: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        texts = [text]
      } else {
        texts = try container.decode([String].self)
      }
    }
  }
}
