extension StringPruner {
  /// The strings whose loss is not what a count of all pieces gives, beside the strings that stayed: none, if pruning
  /// looks at every piece again that a removal touches.
  package var stringsOfWrongLoss: [[UInt8]] {
    var counted = [Int](repeating: 0, count: texts.count)
    for piece in 0..<pieces.pieceCount {
      let bytes = pieces.piece(piece)
      var used: Set<Int> = []
      let tokenCount = trie.segment(bytes) { used.insert($0) }
      for string in used {
        counted[string] += (trie.segment(bytes, without: string) - tokenCount) * pieces.counts[piece]
      }
    }
    return kept.filter { losses[$0] != counted[$0] }.map { texts[$0] }
  }
}
