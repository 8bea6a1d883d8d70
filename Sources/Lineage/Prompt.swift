import Basics

/// One message of a conversation, in the roles of the chat completion APIs.
public struct Message: Hashable, Codable, Sendable {
  public enum Role: String, Codable, Sendable { case system, user, assistant }
  public var role: Role
  public var content: String

  public init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

/// How a teacher is asked to sample. Part of the prompt's identity: another temperature is another question.
public struct SamplingSettings: Hashable, Codable, Sendable {
  public var temperature: Double
  public var topP: Double
  public var maxTokens: Int
  /// Makes the same question repeatable at teachers that honour it, and distinct questions distinct at those that
  /// cache.
  public var seed: UInt64
  /// Texts that end the answer where the teacher would say one; nil for none, and then no part of the identity.
  public var stop: [String]?
  /// How many answers one request brings; nil for one, and then no part of the identity.
  public var n: Int?
  /// Which of them, from 1; nil for the first.
  public var choice: Int?

  public init(
    temperature: Double = 1, topP: Double = 1, maxTokens: Int = 512, seed: UInt64 = 0, stop: [String]? = nil,
    n: Int? = nil, choice: Int? = nil
  ) {
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.seed = seed
    self.stop = stop
    self.n = n
    self.choice = choice
  }
}

/// A question to a teacher: noun 1. Its id hashes messages, sampling and an answer's schema, and nothing else: neither
/// its place in the recipe nor its labels, so that an edited recipe still finds the answers it has paid for.
public struct Prompt: Hashable, Codable, Sendable {
  public let id: ContentID
  /// Position in the recipe's expansion, from 0.
  public var index: Int
  public var messages: [Message]
  public var sampling: SamplingSettings
  /// Which word each list of the recipe gave: `room: kitchen`.
  public var labels: [String: String]
  /// Where the answer is JSON; nil for a text.
  public var format: AnswerFormat?

  public init(
    index: Int, messages: [Message], sampling: SamplingSettings, labels: [String: String] = [:],
    format: AnswerFormat? = nil
  ) throws {
    id = try ContentID(ofCanonical: Identity(messages: messages, sampling: sampling, schema: format?.schema.json))
    self.index = index
    self.messages = messages
    self.sampling = sampling
    self.labels = labels
    self.format = format
  }

  /// All messages as one text, a paragraph each: what a teacher that continues a text is given.
  public var text: String { messages.map(\.content).joined(separator: "\n\n") }

  private struct Identity: Encodable {
    var messages: [Message]
    var sampling: SamplingSettings
    var schema: JSONValue?
  }
}

extension Prompt {
  /// The same question, for another of the answers that come together.
  public func with(choice: Int?) throws -> Prompt {
    var sampling = sampling
    sampling.choice = choice
    return try Prompt(index: index, messages: messages, sampling: sampling, labels: labels, format: format)
  }

  /// The question once more, with an answer to it and what is wrong with that.
  public func repaired(_ answer: String, fault: String) throws -> Prompt {
    var sampling = sampling
    // Answers that came together are sent back apart.
    sampling.seed &+= UInt64(sampling.choice ?? 0)
    (sampling.n, sampling.choice) = (nil, nil)
    let words = "That does not fit: \(fault). Answer again, with nothing but JSON that fits the schema."
    return try Prompt(
      index: index, messages: messages + [Message(.assistant, answer), Message(.user, words)], sampling: sampling,
      labels: labels, format: format)
  }
}
