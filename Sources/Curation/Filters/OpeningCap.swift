import Lineage

/// Keeps one opening from taking over a corpus: texts that begin with the same three words may be no larger a share of
/// what is kept than this.
enum OpeningCap {
  static let wordCount = 3
  static let shares = 0.001...1.0

  /// A text's opening, and where it stands in its UTF-8.
  static func opening(of text: String) -> (hash: UInt64, place: Range<Int>) {
    var words = FoldedWords()
    words.read(text, limit: wordCount)
    let place = (words.places.first?.lowerBound ?? 0)..<(words.places.last?.upperBound ?? 0)
    return (words.runs(of: words.hashes.count).first ?? 0, place)
  }

  /// - Parameter text: valid UTF-8, of which the beginning is looked at.
  static func opening(ofBytes text: ArraySlice<UInt8>) -> (hash: UInt64, place: Range<Int>) {
    let beginning = text.prefix(openingByteCount)
    if let first = beginning.withUnsafeBufferPointer({ FoldedWords.firstRun(of: $0, count: wordCount) }) {
      return (first.run, first.place)
    }
    return opening(of: String(decoding: beginning, as: UTF8.self))
  }

  /// Three words have room in it.
  private static let openingByteCount = 240

  static func shown(_ text: String) -> String {
    String(decoding: Array(text.utf8)[opening(of: text).place].prefix(80), as: UTF8.self)
  }

  /// The most texts of one opening: the largest count that is no larger than `share` of all that then stay. At least 1,
  /// where there are too few openings for such a share.
  static func limit(_ counts: some Collection<Int>, share: Double) -> Int {
    func keeps(_ limit: Int) -> Bool { Double(limit) <= share * Double(counts.reduce(0) { $0 + min($1, limit) }) }
    // What is kept grows ever more slowly with the limit: once it is too large, it stays so.
    var (low, high) = (1, max(1, counts.max() ?? 1))
    while low < high {
      let middle = (low + high + 1) / 2
      if keeps(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Which texts go: of each opening those behind the limit, in an order of their own.
  /// - Parameter precedes: whether one text is rather kept than another.
  static func refused(
    _ openings: [(number: Int, hash: UInt64)], share: Double, precedes: (Int, Int) -> Bool
  ) -> (numbers: [Int], limit: Int) {
    let groups = Dictionary(grouping: openings, by: \.hash).mapValues { $0.map(\.number) }
    let limit = limit(groups.values.map(\.count), share: share)
    let refused = groups.values.filter { $0.count > limit }.flatMap { $0.sorted(by: precedes)[limit...] }
    return (refused.sorted(), limit)
  }
}

/// Finds what begins many of many texts, in a few counters (Misra and Gries, "Finding repeated elements", 1982): an
/// opening that more than one in a hundred has is among them.
struct CommonOpenings {
  private struct Counter {
    var count: Int
    var words: [UInt8]
  }

  private static let counterCount = 100
  private var counters: [UInt64: Counter] = [:]
  private(set) var textCount = 0

  mutating func add(_ hash: UInt64, _ words: ArraySlice<UInt8>) {
    textCount += 1
    if counters[hash] != nil {
      counters[hash]?.count += 1
    } else if counters.count < Self.counterCount {
      counters[hash] = Counter(count: 1, words: Array(words.prefix(80)))
    } else {
      counters = counters.compactMapValues { $0.count > 1 ? Counter(count: $0.count - 1, words: $0.words) : nil }
    }
  }

  /// The commonest, and a share of all texts that it has at least.
  var first: (text: String, share: Double)? {
    counters.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }.map {
      (String(decoding: $0.value.words, as: UTF8.self), Double($0.value.count) / Double(max(1, textCount)))
    }
  }
}
