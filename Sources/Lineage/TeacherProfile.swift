import Basics

/// How to reach a teacher and what its answers cost and permit; read from `teachers/<name>.yaml`.
///
/// A profile names the environment variable that holds a key and never the key itself.
public struct TeacherProfile: Hashable, Codable, Sendable {
  public static let schema = "alambic.teacher/1"

  /// The requests and responses that a server speaks.
  public enum Dialect: String, Hashable, Codable, Sendable, CaseIterable {
    /// `/v1/chat/completions`: OpenAI, llama.cpp, vLLM and many more.
    case openAIChat = "openai-chat"
    /// `/v1/completions`: continuation of plain text.
    case openAICompletions = "openai-completions"
    /// `/v1/messages`.
    case anthropic
    /// `/api/chat`.
    case ollama
    /// Our own server on loopback, which speaks `openai-chat` from a grammar.
    case scripted
    /// Our own server on loopback, which speaks `openai-completions` from a llama2.c model.
    case llama2c

    /// Whether Alambic serves the teacher itself, so that it has no address until it is started.
    public var isServedHere: Bool { self == .scripted || self == .llama2c }
  }

  /// US dollars for a million tokens.
  public struct Price: Hashable, Codable, Sendable {
    public var prompt: Double
    public var completion: Double
    /// The part of both that a request in a batch costs.
    public var batchShare: Double

    public static let usualBatchShare = 0.5

    public init(prompt: Double = 0, completion: Double = 0, batchShare: Double = usualBatchShare) {
      self.prompt = prompt
      self.completion = completion
      self.batchShare = batchShare
    }

    /// In US dollars.
    public func cost(of usage: TokenUsage) -> Double {
      (Double(usage.promptTokenCount) * prompt + Double(usage.completionTokenCount) * completion) / 1_000_000
    }
  }

  /// How hard a server may be pressed.
  public struct Pace: Hashable, Codable, Sendable {
    public var maxInFlight: Int
    /// No limit when nil.
    public var requestsPerMinute: Int?
    /// Prompt and answer together, estimated before a request and corrected after it; no limit when nil.
    public var tokensPerMinute: Int?
    /// Most requests of a batch.
    public var batchRequests: Int

    public static let usualBatchRequests = 10_000

    public init(
      maxInFlight: Int = 4, requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil,
      batchRequests: Int = usualBatchRequests
    ) {
      self.maxInFlight = maxInFlight
      self.requestsPerMinute = requestsPerMinute
      self.tokensPerMinute = tokensPerMinute
      self.batchRequests = batchRequests
    }
  }

  /// How a key travels.
  public enum KeyHeader: String, Hashable, Codable, Sendable, CaseIterable {
    /// `Authorization: Bearer …`
    case bearer
    /// `api-key: …`, as Azure takes it.
    case apiKey = "api-key"
    /// `x-api-key: …`, as Anthropic takes it.
    case xAPIKey = "x-api-key"
    /// `x-goog-api-key: …`
    case googleAPIKey = "x-goog-api-key"
  }

  /// How this server's requests differ from its dialect's. All of it belongs to a request's identity.
  public struct RequestFields: Hashable, Codable, Sendable {
    /// Members of the body that are not sent.
    public var omit: [String]
    /// Members by the name that this server has for them.
    public var rename: [String: String]
    /// Merged into the body last.
    public var body: [String: JSONValue]
    /// Sent beside the dialect's; never a key.
    public var headers: [String: String]
    /// Behind the address; never a key.
    public var query: [String: String]
    /// Sampling fields that are sent even where they equal the API's default, since this server has another.
    public var always: [String]

    public init(
      omit: [String] = [], rename: [String: String] = [:], body: [String: JSONValue] = [:],
      headers: [String: String] = [:], query: [String: String] = [:], always: [String] = []
    ) {
      self.omit = omit
      self.rename = rename
      self.body = body
      self.headers = headers
      self.query = query
      self.always = always
    }
  }

  /// Seconds that a server may take; nil where the program's own hold.
  public struct Timeouts: Hashable, Codable, Sendable {
    public var connect: Double?
    public var silence: Double?
    public var total: Double?

    public init(connect: Double? = nil, silence: Double? = nil, total: Double? = nil) {
      self.connect = connect
      self.silence = silence
      self.total = total
    }
  }

  public var name: String
  public var dialect: Dialect
  /// The address up to the dialect's own path: `https://api.openai.com/v1`. Nil for teachers that are served here.
  public var endpoint: String?
  public var model: String
  /// The grammar's file beside the profile; scripted teachers only.
  public var grammar: String?
  /// The model's file and its tokenizer's, beside the profile; of llama2.c models only.
  public var weights: String?
  public var tokenizer: String?
  /// What a recipe that says nothing about sampling gets.
  public var sampling: SamplingSettings
  public var price: Price
  public var pace: Pace
  /// What the answers may be used for: a licence's name, or where the terms stand.
  public var outputsLicense: String
  /// The name of the environment variable that holds the key; nil when the server wants none.
  public var keyVariable: String?
  /// Nil for the dialect's own.
  public var keyHeader: KeyHeader?
  public var fields: RequestFields
  public var timeouts: Timeouts

  public init(
    name: String, dialect: Dialect, endpoint: String?, model: String, grammar: String? = nil, weights: String? = nil,
    tokenizer: String? = nil, sampling: SamplingSettings = SamplingSettings(), price: Price = Price(),
    pace: Pace = Pace(), outputsLicense: String, keyVariable: String? = nil, keyHeader: KeyHeader? = nil,
    fields: RequestFields = RequestFields(), timeouts: Timeouts = Timeouts()
  ) {
    self.name = name
    self.dialect = dialect
    self.endpoint = endpoint
    self.model = model
    self.grammar = grammar
    self.weights = weights
    self.tokenizer = tokenizer
    self.sampling = sampling
    self.price = price
    self.pace = pace
    self.outputsLicense = outputsLicense
    self.keyVariable = keyVariable
    self.keyHeader = keyHeader
    self.fields = fields
    self.timeouts = timeouts
  }
}
