import Basics

/// What stands behind the server and answers.
public protocol Respondent: Sendable {
  /// Whether its tokens come with log probabilities.
  var hasLogprobs: Bool { get }
  /// Names what decides the answers; nil where nothing does.
  var fingerprint: String? { get }

  /// Answers a question.
  ///
  /// - Parameter say: takes each answer piece by piece, in its order; pieces of several answers may come in turns. A
  ///   question that is echoed and asks for log probabilities gets the prompt's tokens as each answer's first piece;
  ///   otherwise the prompt is no part of what is said.
  /// - Returns: how the answers ended, in order.
  /// - Throws: `QuestionRefusal` for a question that cannot be answered, however often it is asked.
  func reply(
    to question: ServedQuestion, say: @Sendable (AnswerPiece) async throws -> Void
  ) async throws -> AnswerEndings
}

extension Respondent {
  public var hasLogprobs: Bool { false }
  public var fingerprint: String? { nil }
}

/// One of a conversation's messages.
public struct ServedMessage: Hashable, Codable, Sendable {
  public var role: String
  public var content: String

  public init(role: String, content: String) {
    self.role = role
    self.content = content
  }
}

/// A checked request, without its wrapping.
public struct ServedQuestion: Sendable {
  public enum Prompt: Hashable, Sendable {
    case chat([ServedMessage])
    /// To be continued as it stands.
    case text(String)
  }

  public var prompt: Prompt
  public var answerCount: Int
  /// Nil where any will do.
  public var seed: UInt64?
  public var temperature: Double
  public var topP: Double
  /// No limit of the client's when nil; 0 for an echo alone.
  public var maxTokens: Int?
  /// Texts that end an answer and are no part of it.
  public var stops: [String]
  /// How many alternatives each token is to come with; nil where no log probabilities are wanted.
  public var alternativeCount: Int?
  public var isEchoed: Bool

  public init(
    prompt: Prompt, answerCount: Int = 1, seed: UInt64? = nil, temperature: Double = 1, topP: Double = 1,
    maxTokens: Int? = nil, stops: [String] = [], alternativeCount: Int? = nil, isEchoed: Bool = false
  ) {
    self.prompt = prompt
    self.answerCount = answerCount
    self.seed = seed
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.stops = stops
    self.alternativeCount = alternativeCount
    self.isEchoed = isEchoed
  }

  /// A text is what a user said.
  public var messages: [ServedMessage] {
    switch prompt {
    case .chat(let messages): messages
    case .text(let text): [ServedMessage(role: "user", content: text)]
    }
  }

  /// A text as far as the first stop.
  public func stopped(_ text: String) -> String {
    stops.compactMap { text.firstRange(of: $0)?.lowerBound }.min().map { String(text[..<$0]) } ?? text
  }
}

/// A token, what it stands for, and how likely it was.
public struct AnswerToken: Hashable, Sendable {
  public struct Alternative: Hashable, Sendable {
    public var bytes: [UInt8]
    /// In nats.
    public var logprob: Double

    public init(bytes: [UInt8], logprob: Double) {
      self.bytes = bytes
      self.logprob = logprob
    }
  }

  /// Need not be UTF-8 by itself.
  public var bytes: [UInt8]
  /// In nats; nil for a prompt's first token, before which there is nothing.
  public var logprob: Double?
  /// The likeliest, in order.
  public var alternatives: [Alternative]

  public init(bytes: [UInt8], logprob: Double?, alternatives: [Alternative] = []) {
    self.bytes = bytes
    self.logprob = logprob
    self.alternatives = alternatives
  }
}

/// Some more of an answer.
public struct AnswerPiece: Hashable, Sendable {
  /// Which of the answers.
  public var index: Int
  public var text: String
  /// The tokens of the text, where they were asked for.
  public var tokens: [AnswerToken]

  public init(index: Int, text: String, tokens: [AnswerToken] = []) {
    self.index = index
    self.text = text
    self.tokens = tokens
  }
}

/// How the answers to a question ended.
public struct AnswerEndings: Hashable, Sendable {
  public struct Ending: Hashable, Sendable {
    /// Whether a limit ended it, and not the respondent or a stop.
    public var isCut: Bool
    public var tokenCount: Int
    /// For each exchange, what is known about it.
    public var labels: [[String: String]]?

    public init(isCut: Bool, tokenCount: Int, labels: [[String: String]]? = nil) {
      self.isCut = isCut
      self.tokenCount = tokenCount
      self.labels = labels
    }
  }

  public var promptTokenCount: Int
  public var answers: [Ending]

  public init(promptTokenCount: Int, answers: [Ending]) {
    self.promptTokenCount = promptTokenCount
    self.answers = answers
  }
}

/// A question that cannot be answered: status 400.
public struct QuestionRefusal: Error {
  public var message: String
  /// The field that is in the way.
  public var parameter: String?

  public init(_ message: String, parameter: String? = nil) {
    self.message = message
    self.parameter = parameter
  }
}
