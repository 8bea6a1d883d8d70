/// Chooses among strings by what they are worth where it counts: under greedy longest match, beside the strings that
/// stay.
///
/// Merges leave strings that served only on the way to longer ones. Taking away, again and again, the string without
/// which the text needs the fewest more tokens gives their places to strings that are used.
struct StringPruner {
  private struct Share {
    var string: Int
    /// By how many tokens the piece, as often as it occurs, would grow without the string.
    var loss: Int
  }

  private let pieces: PieceTable
  private let texts: [[UInt8]]
  private var trie: StringTrie
  /// By piece.
  private var shares: [[Share]] = []
  /// By string: the sum over pieces, and the pieces; a piece may have stopped using it, and one may be named twice.
  private var losses: [Int]
  private var users: [[Int32]]
  private var kept: Set<Int>

  init(_ pieces: PieceTable, strings: [[UInt8]]) {
    self.pieces = pieces
    texts = strings
    trie = StringTrie(strings)
    losses = [Int](repeating: 0, count: strings.count)
    users = [[Int32]](repeating: [], count: strings.count)
    kept = Set(strings.indices)
    shares = [[Share]](repeating: [], count: pieces.pieceCount)
    for piece in 0..<pieces.pieceCount { take(piece) }
  }

  /// The strings that stay, in ascending order.
  /// - Parameters:
  ///   - count: at most so many.
  ///   - byteLimit: their bytes and one more for each are at most so many.
  mutating func prune(to count: Int, byteLimit: Int) -> [[UInt8]] {
    var byteCount = texts.reduce(0) { $0 + $1.count + 1 }
    while kept.count > count || byteCount > byteLimit || hasUseless,
      let least = leastValuable(byByte: kept.count <= count && byteCount > byteLimit)
    {
      byteCount -= texts[least].count + 1
      remove(least)
    }
    return kept.map { texts[$0] }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// A string that saves nothing would only take a byte value away.
  private var hasUseless: Bool { kept.contains { losses[$0] <= 0 } }

  /// The string of the least loss, for each byte that its entry takes where bytes are what is short.
  private func leastValuable(byByte: Bool) -> Int? {
    func price(_ string: Int) -> Int { byByte ? texts[string].count + 1 : 1 }
    return kept.min { left, right in
      let (one, other) = (losses[left] * price(right), losses[right] * price(left))
      return one == other ? texts[left].lexicographicallyPrecedes(texts[right]) : one < other
    }
  }

  private mutating func remove(_ string: Int) {
    let affected = Set(users[string]).map(Int.init).filter { shares[$0].contains { $0.string == string } }
    for piece in affected {
      for share in shares[piece] { losses[share.string] -= share.loss }
    }
    trie.remove(string)
    kept.remove(string)
    for piece in affected { take(piece) }
  }

  private mutating func take(_ piece: Int) {
    let bytes = pieces.piece(piece)
    var used: [Int] = []
    let tokenCount = trie.segment(bytes) { if !used.contains($0) { used.append($0) } }
    shares[piece] = used.map { string in
      Share(string: string, loss: (trie.segment(bytes, without: string) - tokenCount) * pieces.counts[piece])
    }
    for share in shares[piece] {
      losses[share.string] += share.loss
      users[share.string].append(Int32(piece))
    }
  }
}
