/// The suffixes of a text in ascending order, by their beginnings: SA-IS, linear in time (Nong, Zhang and Chan, "Linear
/// Suffix Array Construction by Almost Pure Induced-Sorting", DCC 2009).
enum SuffixArray {
  /// - Parameter text: its last byte is 0, and no other is; fewer than 2^31 bytes.
  /// - Returns: five bytes a byte of text are needed for it, and up to four more meanwhile.
  static func make(_ text: [UInt8]) -> [Int32] {
    var suffixes = [Int32](repeating: -1, count: text.count)
    text.withUnsafeBufferPointer { text in
      suffixes.withUnsafeMutableBufferPointer { sort(text, $0, alphabet: 256) }
    }
    return suffixes
  }

  private static func sort<Symbol: FixedWidthInteger>(
    _ text: UnsafeBufferPointer<Symbol>, _ suffixes: UnsafeMutableBufferPointer<Int32>, alphabet: Int
  ) {
    let count = text.count
    guard count > 1 else {
      if count == 1 { suffixes[0] = 0 }
      return
    }
    let types = SuffixTypes(text)
    for position in 0..<count { suffixes[position] = -1 }
    placeInOrder(text, suffixes, types, alphabet)
    induce(text, suffixes, types, alphabet)
    // Of these the leftmost smaller ones, in the order of the pieces that they begin.
    var leastCount = 0
    for position in 0..<count where types.isLeast(Int(suffixes[position])) {
      suffixes[leastCount] = suffixes[position]
      leastCount += 1
    }
    let nameCount = name(text, suffixes, types, leastCount)
    let reduced = UnsafeMutableBufferPointer(rebasing: suffixes[(count - leastCount)...])
    let order = UnsafeMutableBufferPointer(rebasing: suffixes[..<leastCount])
    if nameCount < leastCount {
      sort(UnsafeBufferPointer(reduced), order, alphabet: nameCount)
    } else {
      for (position, name) in reduced.enumerated() { order[Int(name)] = Int32(position) }
    }
    var next = 0
    for position in 1..<count where types.isLeast(position) {
      reduced[next] = Int32(position)
      next += 1
    }
    for position in 0..<leastCount { order[position] = reduced[Int(order[position])] }
    for position in leastCount..<count { suffixes[position] = -1 }
    var ends = bucketEnds(text, alphabet)
    for position in stride(from: leastCount - 1, through: 0, by: -1) {
      let suffix = suffixes[position]
      suffixes[position] = -1
      place(suffix, text, suffixes, &ends)
    }
    induce(text, suffixes, types, alphabet)
  }

  /// Puts each leftmost smaller suffix at the end of its bucket.
  private static func placeInOrder<Symbol: FixedWidthInteger>(
    _ text: UnsafeBufferPointer<Symbol>, _ suffixes: UnsafeMutableBufferPointer<Int32>, _ types: SuffixTypes,
    _ alphabet: Int
  ) {
    var ends = bucketEnds(text, alphabet)
    for position in 1..<text.count where types.isLeast(position) { place(Int32(position), text, suffixes, &ends) }
  }

  private static func place<Symbol: FixedWidthInteger>(
    _ suffix: Int32, _ text: UnsafeBufferPointer<Symbol>, _ suffixes: UnsafeMutableBufferPointer<Int32>,
    _ ends: inout [Int32]
  ) {
    let bucket = Int(text[Int(suffix)])
    ends[bucket] -= 1
    suffixes[Int(ends[bucket])] = suffix
  }

  /// From sorted leftmost smaller suffixes to all: the larger ones from the front, the smaller ones from the back.
  private static func induce<Symbol: FixedWidthInteger>(
    _ text: UnsafeBufferPointer<Symbol>, _ suffixes: UnsafeMutableBufferPointer<Int32>, _ types: SuffixTypes,
    _ alphabet: Int
  ) {
    var starts = bucketEnds(text, alphabet, areStarts: true)
    for position in 0..<text.count {
      let before = Int(suffixes[position]) - 1
      guard before >= 0, !types.isSmaller(before) else { continue }
      let bucket = Int(text[before])
      suffixes[Int(starts[bucket])] = Int32(before)
      starts[bucket] += 1
    }
    var ends = bucketEnds(text, alphabet)
    for position in stride(from: text.count - 1, through: 0, by: -1) {
      let before = Int(suffixes[position]) - 1
      if before >= 0, types.isSmaller(before) { place(Int32(before), text, suffixes, &ends) }
    }
  }

  /// Equal pieces get equal names, in their order; the names stand at the end of the room, in the text's order.
  private static func name<Symbol: FixedWidthInteger>(
    _ text: UnsafeBufferPointer<Symbol>, _ suffixes: UnsafeMutableBufferPointer<Int32>, _ types: SuffixTypes,
    _ leastCount: Int
  ) -> Int {
    for position in leastCount..<text.count { suffixes[position] = -1 }
    var (nameCount, previous) = (0, -1)
    for position in 0..<leastCount {
      let suffix = Int(suffixes[position])
      if previous < 0 || !types.isSamePiece(suffix, previous, text) {
        nameCount += 1
        previous = suffix
      }
      suffixes[leastCount + suffix / 2] = Int32(nameCount - 1)
    }
    var end = text.count
    for position in stride(from: text.count - 1, through: leastCount, by: -1) where suffixes[position] >= 0 {
      end -= 1
      suffixes[end] = suffixes[position]
    }
    return nameCount
  }

  /// Where the suffixes that begin with each symbol end, or start.
  private static func bucketEnds<Symbol: FixedWidthInteger>(
    _ text: UnsafeBufferPointer<Symbol>, _ alphabet: Int, areStarts: Bool = false
  ) -> [Int32] {
    var buckets = [Int32](repeating: 0, count: alphabet)
    for symbol in text { buckets[Int(symbol)] += 1 }
    var sum: Int32 = 0
    for symbol in buckets.indices {
      let count = buckets[symbol]
      sum += count
      buckets[symbol] = areStarts ? sum - count : sum
    }
    return buckets
  }
}

/// Of each suffix, whether it is smaller than the one behind it.
private struct SuffixTypes {
  private var smaller: [Bool]

  init<Symbol: FixedWidthInteger>(_ text: UnsafeBufferPointer<Symbol>) {
    smaller = [Bool](repeating: true, count: text.count)
    for position in stride(from: text.count - 2, through: 0, by: -1) {
      smaller[position] =
        text[position] < text[position + 1] || text[position] == text[position + 1] && smaller[position + 1]
    }
  }

  func isSmaller(_ position: Int) -> Bool { smaller[position] }

  /// Whether it is smaller, and the one before it is not.
  func isLeast(_ position: Int) -> Bool { position > 0 && smaller[position] && !smaller[position - 1] }

  /// Whether two pieces, up to the next leftmost smaller suffix, are the same.
  func isSamePiece<Symbol: FixedWidthInteger>(
    _ first: Int, _ second: Int, _ text: UnsafeBufferPointer<Symbol>
  ) -> Bool {
    var offset = 0
    // The last symbol, which stands nowhere else, ends every comparison.
    while true {
      let (a, b) = (first + offset, second + offset)
      guard a < text.count, b < text.count, text[a] == text[b], smaller[a] == smaller[b] else { return false }
      if offset > 0, isLeast(a) || isLeast(b) { return isLeast(a) && isLeast(b) }
      offset += 1
    }
  }
}
