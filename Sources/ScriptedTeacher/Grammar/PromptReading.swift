/// What a prompt's words ask for: the labels and slot values that an answer is limited to.
public struct PromptReading: Hashable, Sendable {
  /// For a label, the values that were asked for.
  public private(set) var labels: [String: Set<String>] = [:]
  /// For a slot, the values that were named, in the slot's order.
  public private(set) var slotValues: [String: [String]] = [:]

  /// Nothing is asked for: everything may be said.
  public init() {}

  /// Reads a prompt by the grammar's `match` section. Case, punctuation and spacing do not count.
  public init(of prompt: String, by grammar: Grammar) {
    let words = PromptWords(prompt)
    for wanted in grammar.matching.labels where wanted.phrases.contains(where: words.contains) {
      labels[wanted.label, default: []].insert(wanted.value)
    }
    for slot in grammar.matching.slots {
      let named = grammar.values(of: slot).filter(words.contains)
      if !named.isEmpty { slotValues[slot] = named }
    }
  }

  /// The alternatives that contradict nothing asked for; all of them when each one does.
  func allowed(_ alternatives: [Grammar.Alternative]) -> [Grammar.Alternative] {
    guard !labels.isEmpty else { return alternatives }
    let allowed = alternatives.filter { alternative in
      alternative.labels.allSatisfy { label, value in labels[label]?.contains(value) ?? true }
    }
    return allowed.isEmpty ? alternatives : allowed
  }
}

/// A text as lower-case words, to find phrases in.
private struct PromptWords {
  private let text: String

  init(_ text: String) { self.text = Self.normalized(text) }

  func contains(_ phrase: String) -> Bool { text.contains(Self.normalized(phrase)) }

  /// Words between single spaces, with a space at both ends, so that a phrase is found as whole words only.
  private static func normalized(_ text: String) -> String {
    let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }
    return " " + words.joined(separator: " ") + " "
  }
}
