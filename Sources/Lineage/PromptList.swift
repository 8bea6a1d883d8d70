/// A word of a recipe's list, as prompts take it.
public struct PromptWord: Hashable, Sendable {
  public var text: String
  /// What stands for it in `Prompt.labels`: the word itself, or where a passage stands.
  public var label: String

  public init(_ text: String, label: String? = nil) {
    self.text = text
    self.label = label ?? text
  }
}

/// What one list of a recipe gives to prompts, read from wherever it stands.
public struct PromptList: Hashable, Sendable {
  public var words: [PromptWord]

  public init(_ words: [PromptWord]) { self.words = words }

  /// Each text once.
  public var texts: [String] { words.map(\.text) }
}
