import Basics
import Lineage
import Similarity

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
}

/// Which texts go because too many begin as they do: of each opening those behind the limit, in an order of their own.
struct OpeningSelection: Sendable {
  /// The most texts of one opening.
  let limit: Int
  /// 1 for a text that goes.
  private let goes: ScratchArray<UInt8>

  /// - Parameters:
  ///   - openings: of each text.
  ///   - isLeft: whether a text is still there.
  ///   - precedes: whether one text is rather kept than another.
  ///   - pool: what is remembered of the texts lies there.
  /// - Throws: `HintedError` where the disk has no room.
  init(
    _ openings: ScratchArray<UInt64>, isLeft: (Int) -> Bool, share: Double, precedes: (Int, Int) -> Bool,
    _ pool: ScratchPool
  ) throws {
    var numbering = try HashNumbering(pool)
    let counts = ScratchArray<UInt32>(pool)
    for number in openings.indices where isLeft(number) {
      let opening = try numbering.number(of: openings[number])
      if opening == counts.count { try counts.append(0) }
      counts[opening] += 1
    }
    limit = OpeningCap.limit(counts.indices.lazy.map { Int(counts[$0]) }, share: share)
    goes = try ScratchArray(repeating: 0, count: openings.count, pool)
    // The opening above the text, so that texts of one opening come to lie side by side.
    let common = ScratchArray<UInt64>(pool)
    for number in openings.indices where isLeft(number) {
      let opening = try numbering.number(of: openings[number])
      if counts[opening] > limit { try common.append(UInt64(opening) << 32 | UInt64(number)) }
    }
    common.sort { one, other in
      let (first, second) = (one >> 32, other >> 32)
      return first != second ? first < second : precedes(Self.number(one), Self.number(other))
    }
    var (opening, place) = (UInt64.max, 0)
    for index in common.indices {
      place = common[index] >> 32 == opening ? place + 1 : 0
      opening = common[index] >> 32
      if place >= limit { goes[Self.number(common[index])] = 1 }
    }
  }

  func refuses(_ number: Int) -> Bool { goes[number] == 1 }

  private static func number(_ entry: UInt64) -> Int { Int(entry & 0xffff_ffff) }
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
