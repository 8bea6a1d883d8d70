/// Chooses among strings by what they are worth where it counts: under greedy longest match, beside the strings that
/// stay.
///
/// Merges leave strings that served only on the way to longer ones. Taking away, again and again, the string without
/// which the text needs the fewest more tokens gives their places to strings that are used.
package struct StringPruner {
  private struct Share {
    var string: Int
    /// By how many tokens the piece, as often as it occurs, would grow without the string; 0 where it would only stand
    /// in for another.
    var loss: Int
  }

  let pieces: PieceTable
  let texts: [[UInt8]]
  private(set) var trie: StringTrie
  /// By piece.
  private var shares: [[Share]] = []
  /// By string: the sum over pieces, and the pieces with a share in it; a piece may have lost it, or be named twice.
  private(set) var losses: [Int]
  private var users: [[Int32]]
  private(set) var kept: Set<Int>

  package init(_ pieces: PieceTable, strings: [[UInt8]]) {
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
  package mutating func prune(to count: Int, byteLimit: Int) -> [[UInt8]] {
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
    var found: [Int] = []
    func note(_ string: Int) { if !found.contains(string) { found.append(string) } }
    let tokenCount = trie.segment(bytes, visit: note)
    let usedCount = found.count
    var taken = found.map { string in
      let tokenCountWithout = trie.segment(bytes, without: string, visit: note)
      return Share(string: string, loss: (tokenCountWithout - tokenCount) * pieces.counts[piece])
    }
    // What would stand in for them decides their loss, too: where it goes, the piece is looked at again.
    taken += found[usedCount...].map { Share(string: $0, loss: 0) }
    shares[piece] = taken
    for share in shares[piece] {
      losses[share.string] += share.loss
      users[share.string].append(Int32(piece))
    }
  }
}
