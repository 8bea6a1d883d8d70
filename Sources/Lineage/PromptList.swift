/// A word of a recipe's list, as prompts take it.
public struct PromptWord: Hashable, Sendable {
  public var text: String
  /// What stands for it in `Prompt.labels`: the word itself, or where a passage stands.
  public var label: String
  /// In thousandths: how often each of its combinations comes, beside those of its list's other words.
  public var weight: Int

  public static let usualWeight = 1000

  public init(_ text: String, label: String? = nil, weight: Int = usualWeight) {
    self.text = text
    self.label = label ?? text
    self.weight = weight
  }
}

/// What one list of a recipe gives to prompts, read from wherever it stands.
public struct PromptList: Hashable, Sendable {
  /// The words of a list of its own; of one that depends on another, those beside words that have none of their own.
  public var words: [PromptWord]
  /// The list whose word decides; nil for a list of its own.
  public var parent: String?
  /// By the parent's word.
  public var wordsByParent: [String: [PromptWord]]

  public init(_ words: [PromptWord], parent: String? = nil, wordsByParent: [String: [PromptWord]] = [:]) {
    self.words = words
    self.parent = parent
    self.wordsByParent = wordsByParent
  }

  /// What a prompt may take.
  /// - Parameter word: the parent's.
  public func words(beside word: String?) -> [PromptWord] { word.flatMap { wordsByParent[$0] } ?? words }

  /// Each text once.
  public var texts: [String] {
    guard parent != nil else { return words.map(\.text) }
    let all = wordsByParent.sorted { $0.key < $1.key }.flatMap(\.value) + words
    var seen: Set<String> = []
    return all.map(\.text).filter { seen.insert($0).inserted }
  }
}
