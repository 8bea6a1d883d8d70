import Lineage

/// The strings' beginnings, for building a table: the slow and plain form of greedy longest match.
struct TokenTrie {
  /// The texts that begin a longer string, the empty one first: the states of an encoder.
  private(set) var texts: [[UInt8]] = [[]]
  private var states: [[UInt8]: UInt16] = [[]: 0]
  private var tokens: [[UInt8]: UInt8] = [:]
  /// By byte: its token alone.
  private let singles: [UInt8]

  init(_ vocabulary: Vocabulary) {
    singles = (UInt8.min...UInt8.max).map { vocabulary.isByte($0) ? $0 : vocabulary.unknownToken ?? $0 }
    for token in vocabulary.stringTokens {
      let string = vocabulary.tokens[Int(token)]
      tokens[string] = token
      for count in 1..<string.count where states[Array(string.prefix(count))] == nil {
        states[Array(string.prefix(count))] = UInt16(texts.count)
        texts.append(Array(string.prefix(count)))
      }
    }
  }

  /// The tokens of a text that are decided whatever follows, and the state of the rest.
  /// - Parameter isWhole: nothing follows, so that all is decided.
  func decide(_ text: [UInt8], isWhole: Bool) -> (tokens: [UInt8], state: UInt16) {
    var decided: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      if !isWhole, let state = states[Array(rest)] { return (decided, state) }
      let (token, byteCount) = longest(rest)
      decided.append(token)
      rest = rest.dropFirst(byteCount)
    }
    return (decided, TokenTable.start)
  }

  private func longest(_ rest: ArraySlice<UInt8>) -> (token: UInt8, byteCount: Int) {
    for count in stride(from: min(rest.count, Vocabulary.longestTokenByteCount), to: 1, by: -1) {
      if let token = tokens[Array(rest.prefix(count))] { return (token, count) }
    }
    return (singles[Int(rest[rest.startIndex])], 1)
  }
}
