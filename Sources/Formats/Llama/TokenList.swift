/// Tokens of a text that neighbours merge into; an index stays with its token, and with what that becomes.
struct TokenList {
  private static let none = -1

  private var values: [Int]
  private var following: [Int]
  private var preceding: [Int]

  init(_ tokens: [Int]) {
    values = tokens
    following = tokens.indices.map { $0 + 1 < tokens.count ? $0 + 1 : Self.none }
    preceding = tokens.indices.map { $0 - 1 }
  }

  func token(_ index: Int) -> Int { values[index] }
  func isAlive(_ index: Int) -> Bool { values[index] != Self.none }
  func next(_ index: Int) -> Int? { following[index] == Self.none ? nil : following[index] }
  func previous(_ index: Int) -> Int? { preceding[index] == Self.none ? nil : preceding[index] }

  /// Puts one token in the place of `index` and the next.
  mutating func merge(_ index: Int, into token: Int) {
    let gone = following[index]
    values[index] = token
    values[gone] = Self.none
    following[index] = following[gone]
    if following[index] != Self.none { preceding[following[index]] = index }
  }

  var tokens: [Int] { values.filter { $0 != Self.none } }
}

/// Pairs of neighbours by score, the leftmost first among equals: a binary heap.
struct PairHeap {
  struct Pair {
    var score: Float
    var left: Int
    var leftToken: Int
    var rightToken: Int
    var merged: Int

    func comes(before other: Pair) -> Bool { (-score, left) < (-other.score, other.left) }
  }

  private var pairs: [Pair] = []

  mutating func insert(_ pair: Pair) {
    pairs.append(pair)
    var index = pairs.count - 1
    while index > 0, pairs[index].comes(before: pairs[(index - 1) / 2]) {
      pairs.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func removeBest() -> Pair? {
    guard let best = pairs.first, let last = pairs.popLast() else { return nil }
    guard !pairs.isEmpty else { return best }
    pairs[0] = last
    var index = 0
    while true {
      let children = [2 * index + 1, 2 * index + 2].filter { $0 < pairs.count }
      guard let child = children.min(by: { pairs[$0].comes(before: pairs[$1]) }),
        pairs[child].comes(before: pairs[index])
      else { return best }
      pairs.swapAt(index, child)
      index = child
    }
  }
}
