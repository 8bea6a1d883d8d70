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

    public init(prompt: Double = 0, completion: Double = 0) {
      self.prompt = prompt
      self.completion = completion
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

    public init(maxInFlight: Int = 4, requestsPerMinute: Int? = nil) {
      self.maxInFlight = maxInFlight
      self.requestsPerMinute = requestsPerMinute
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

  public init(
    name: String, dialect: Dialect, endpoint: String?, model: String, grammar: String? = nil, weights: String? = nil,
    tokenizer: String? = nil, sampling: SamplingSettings = SamplingSettings(), price: Price = Price(),
    pace: Pace = Pace(), outputsLicense: String, keyVariable: String? = nil
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
  }
}
