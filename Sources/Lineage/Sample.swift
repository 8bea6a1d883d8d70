import Basics

/// Why a teacher stopped; the vocabulary of the chat completion APIs, with a place for what is not in it.
public enum FinishReason: Hashable, Codable, Sendable {
  /// The teacher ended its text.
  case stop
  /// `max_tokens` cut the text.
  case length
  case contentFilter
  case other(String)
}

/// Tokens that a teacher counted for one answer.
public struct TokenUsage: Hashable, Codable, Sendable {
  public var promptTokenCount: Int
  public var completionTokenCount: Int

  public init(promptTokenCount: Int = 0, completionTokenCount: Int = 0) {
    self.promptTokenCount = promptTokenCount
    self.completionTokenCount = completionTokenCount
  }
}

/// A teacher's answer to one prompt: noun 2. Its id hashes the prompt's id and the text.
public struct Sample: Hashable, Codable, Sendable {
  public let id: ContentID
  public var promptID: ContentID
  /// The prompt's place in the recipe: samples are always processed in this order, whenever they arrived.
  public var promptIndex: Int
  public var text: String
  public var finishReason: FinishReason
  /// The model that answered, as the server names it.
  public var model: String
  public var usage: TokenUsage

  public init(
    promptID: ContentID, promptIndex: Int, text: String, finishReason: FinishReason, model: String,
    usage: TokenUsage = TokenUsage()
  ) {
    id = ContentID(of: "\(promptID)\n\(text)")
    self.promptID = promptID
    self.promptIndex = promptIndex
    self.text = text
    self.finishReason = finishReason
    self.model = model
    self.usage = usage
  }
}
