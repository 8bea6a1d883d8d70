/// Byte-pair merges over pieces (Gage, "A New Algorithm for Data Compression", 1994; Sennrich, Haddow and Birch,
/// "Neural Machine Translation of Rare Words with Subword Units", ACL 2016).
///
/// The pairs' counts are kept up to date merge by merge, so that a merge costs what it changes.
struct PairMerger {
  private struct Pair: Hashable {
    var left: Int32
    var right: Int32
  }

  private struct Tally {
    var count = 0
    /// Pieces in which the pair stood once; it may have gone since, and one may be named twice.
    var pieces: [Int32] = []
  }

  private let longestByteCount: Int
  private var sequences: [[Int32]]
  private let weights: [Int]
  private var tallies: [Pair: Tally] = [:]
  /// By symbol; the first 256 are bytes.
  private var texts: [[UInt8]] = (0...UInt8.max).map { [$0] }
  private var symbols: [[UInt8]: Int32] = [:]

  init(_ pieces: PieceTable, longestByteCount: Int) {
    self.longestByteCount = longestByteCount
    weights = pieces.counts
    sequences = (0..<pieces.pieceCount).map { pieces.piece($0).map(Int32.init) }
    for index in sequences.indices { count(index, sign: 1) }
  }

  /// So many strings, in ascending order; fewer where no pair occurs twice.
  mutating func merge(_ count: Int) -> [[UInt8]] {
    while symbols.count < count, let pair = mostFrequent() { replace(pair, by: symbol(of: pair)) }
    return symbols.keys.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Two pairs may have one text, and are one string then.
  private mutating func symbol(of pair: Pair) -> Int32 {
    let text = texts[Int(pair.left)] + texts[Int(pair.right)]
    if let symbol = symbols[text] { return symbol }
    texts.append(text)
    symbols[text] = Int32(texts.count - 1)
    return Int32(texts.count - 1)
  }

  /// The pair that occurs most; of equals the one whose text comes first, so that no order of a dictionary decides.
  private func mostFrequent() -> Pair? {
    var best: (pair: Pair, count: Int, text: [UInt8])?
    for (pair, tally) in tallies where tally.count > 1 && tally.count >= best?.count ?? 0 {
      guard byteCount(pair) <= longestByteCount else { continue }
      let text = texts[Int(pair.left)] + texts[Int(pair.right)]
      if let best, best.count == tally.count, !Self.precedes(pair, text, best.pair, best.text) { continue }
      best = (pair, tally.count, text)
    }
    return best?.pair
  }

  private static func precedes(_ pair: Pair, _ text: [UInt8], _ other: Pair, _ otherText: [UInt8]) -> Bool {
    text == otherText ? pair.left < other.left : text.lexicographicallyPrecedes(otherText)
  }

  private func byteCount(_ pair: Pair) -> Int { texts[Int(pair.left)].count + texts[Int(pair.right)].count }

  private mutating func replace(_ pair: Pair, by symbol: Int32) {
    for piece in Set(tallies[pair]?.pieces ?? []).map(Int.init) {
      count(piece, sign: -1)
      sequences[piece] = Self.replaced(sequences[piece], pair, symbol)
      count(piece, sign: 1)
    }
    tallies[pair] = nil
  }

  private static func replaced(_ sequence: [Int32], _ pair: Pair, _ symbol: Int32) -> [Int32] {
    var replaced: [Int32] = []
    replaced.reserveCapacity(sequence.count)
    var index = 0
    while index < sequence.count {
      let isPair = index + 1 < sequence.count && sequence[index] == pair.left && sequence[index + 1] == pair.right
      replaced.append(isPair ? symbol : sequence[index])
      index += isPair ? 2 : 1
    }
    return replaced
  }

  private mutating func count(_ piece: Int, sign: Int) {
    let sequence = sequences[piece]
    for (left, right) in zip(sequence, sequence.dropFirst()) {
      let pair = Pair(left: left, right: right)
      tallies[pair, default: Tally()].count += sign * weights[piece]
      if sign > 0 { tallies[pair]?.pieces.append(Int32(piece)) }
    }
  }
}
