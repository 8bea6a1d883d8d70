/// Strings for greedy longest match, from which strings can be taken away.
struct StringTrie {
  private static let none: Int32 = -1

  /// By node and byte: the node that the byte leads to.
  private var children = [Int32](repeating: StringTrie.none, count: 256)
  /// By node: the string that ends there.
  private var strings: [Int32] = [StringTrie.none]
  private var nodes: [Int] = []

  init(_ texts: [[UInt8]]) {
    for (index, text) in texts.enumerated() {
      var node = 0
      for byte in text { node = child(node, byte) }
      strings[node] = Int32(index)
      nodes.append(node)
    }
  }

  private mutating func child(_ node: Int, _ byte: UInt8) -> Int {
    let place = node << 8 | Int(byte)
    if children[place] == Self.none {
      children[place] = Int32(strings.count)
      strings.append(Self.none)
      children.append(contentsOf: [Int32](repeating: Self.none, count: 256))
    }
    return Int(children[place])
  }

  mutating func remove(_ string: Int) { strings[nodes[string]] = Self.none }

  /// How many tokens a piece has, and which strings are among them; one string may be left out.
  func segment(_ piece: ArraySlice<UInt8>, without absent: Int? = nil, visit: (Int) -> Void = { _ in }) -> Int {
    let absent = absent.map(Int32.init) ?? Self.none - 1
    var tokenCount = 0
    var start = piece.startIndex
    while start < piece.endIndex {
      let (string, byteCount) = longest(piece, start, absent)
      if string != Self.none { visit(Int(string)) }
      tokenCount += 1
      start += byteCount
    }
    return tokenCount
  }

  private func longest(_ piece: ArraySlice<UInt8>, _ start: Int, _ absent: Int32) -> (string: Int32, byteCount: Int) {
    var found = (string: Self.none, byteCount: 1)
    var node = 0
    var end = start
    while end < piece.endIndex {
      let next = children[node << 8 | Int(piece[end])]
      if next == Self.none { break }
      node = Int(next)
      end += 1
      if strings[node] != Self.none, strings[node] != absent { found = (strings[node], end - start) }
    }
    return found
  }

  /// The longest string at a place of a text among those that are kept.
  /// - Parameter keeps: is asked about each string that fits there, from the shortest on.
  /// - Returns: nil and one byte where none is.
  func longest(_ text: [UInt8], from start: Int, keeps: () -> Bool) -> (string: Int?, byteCount: Int) {
    var found: (string: Int?, byteCount: Int) = (nil, 1)
    var (node, end) = (0, start)
    while end < text.count {
      let next = children[node << 8 | Int(text[end])]
      if next == Self.none { break }
      node = Int(next)
      end += 1
      if strings[node] != Self.none, keeps() { found = (Int(strings[node]), end - start) }
    }
    return found
  }
}
