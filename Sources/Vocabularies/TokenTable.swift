import Lineage

/// Greedy longest match as a table: what each byte decides after each text that is still undecided.
///
/// A text is undecided while it begins a longer string. There are as many of those as the strings have beginnings, so
/// encoding is one look-up a byte, and an encoder's memory is one state.
final class TokenTable: Sendable {
  /// What a byte does in a state: which tokens are decided by it, and the state after it.
  struct Step {
    /// Up to `inlineTokenCount` tokens in the low bytes, the first lowest; of more, where they stand in `longRuns`.
    var tokens: UInt64
    var tokenCount: UInt16
    var next: UInt16
  }

  static let inlineTokenCount = 8
  static let start: UInt16 = 0

  let vocabulary: Vocabulary
  /// By state and byte.
  let steps: [Step]
  let longRuns: [[UInt8]]
  /// By state: the undecided text, and its tokens if nothing follows.
  let pending: [[UInt8]]
  let endings: [[UInt8]]

  init(_ vocabulary: Vocabulary) {
    let trie = TokenTrie(vocabulary)
    var steps: [Step] = []
    var longRuns: [[UInt8]] = []
    steps.reserveCapacity(trie.texts.count * 256)
    for text in trie.texts {
      for byte in UInt8.min...UInt8.max {
        let (tokens, next) = trie.decide(text + [byte], isWhole: false)
        steps.append(Step(tokens: Self.packed(tokens, &longRuns), tokenCount: UInt16(tokens.count), next: next))
      }
    }
    self.vocabulary = vocabulary
    self.steps = steps
    self.longRuns = longRuns
    pending = trie.texts
    endings = trie.texts.map { trie.decide($0, isWhole: true).tokens }
  }

  private static func packed(_ tokens: [UInt8], _ longRuns: inout [[UInt8]]) -> UInt64 {
    guard tokens.count <= inlineTokenCount else {
      longRuns.append(tokens)
      return UInt64(longRuns.count - 1)
    }
    return tokens.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The tokens that a step decides.
  func tokens(of step: Step) -> [UInt8] {
    guard step.tokenCount <= Self.inlineTokenCount else { return longRuns[Int(step.tokens)] }
    return (0..<Int(step.tokenCount)).map { UInt8(truncatingIfNeeded: step.tokens >> (8 * UInt64($0))) }
  }
}
