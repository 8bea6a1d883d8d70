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

  public init(
    temperature: Double = 1, topP: Double = 1, maxTokens: Int = 512, seed: UInt64 = 0, stop: [String]? = nil
  ) {
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.seed = seed
    self.stop = stop
  }
}

/// A question to a teacher: noun 1. Its id hashes messages and sampling, and nothing else: neither its place in the
/// recipe nor its labels, so that an edited recipe still finds the answers it has paid for.
public struct Prompt: Hashable, Codable, Sendable {
  public let id: ContentID
  /// Position in the recipe's expansion, from 0.
  public var index: Int
  public var messages: [Message]
  public var sampling: SamplingSettings
  /// Which word each list of the recipe gave: `room: kitchen`.
  public var labels: [String: String]

  public init(index: Int, messages: [Message], sampling: SamplingSettings, labels: [String: String] = [:]) throws {
    id = try ContentID(ofCanonical: Identity(messages: messages, sampling: sampling))
    self.index = index
    self.messages = messages
    self.sampling = sampling
    self.labels = labels
  }

  /// All messages as one text, a paragraph each: what a teacher that continues a text is given.
  public var text: String { messages.map(\.content).joined(separator: "\n\n") }

  private struct Identity: Encodable {
    var messages: [Message]
    var sampling: SamplingSettings
  }
}
