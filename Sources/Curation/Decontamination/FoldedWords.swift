/// A text's words as hashes, in lower case: runs of letters and digits. An ideograph, and a letter of a script that has
/// no blanks between words, is a word of its own.
struct FoldedWords {
  private(set) var hashes: [UInt64] = []
  /// Where each stands, in UTF-8 bytes.
  private(set) var places: [Range<Int>] = []

  private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01b3

  /// - Parameter limit: ends behind so many words.
  mutating func read(_ text: String, limit: Int = .max) {
    hashes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    var (offset, start, hash) = (0, -1, Self.seed)
    for scalar in text.unicodeScalars {
      if hashes.count >= limit { return }
      let folded = Self.folded(scalar)
      if start >= 0, folded == nil || Self.standsAlone(scalar) {
        append(hash, start..<offset)
        start = -1
      }
      if let folded {
        if start < 0 { (start, hash) = (offset, Self.seed) }
        hash = (hash ^ UInt64(folded)) &* Self.prime
      }
      offset += UTF8.width(scalar)
      if folded != nil, Self.standsAlone(scalar) {
        append(hash, start..<offset)
        start = -1
      }
    }
    if start >= 0, hashes.count < limit { append(hash, start..<offset) }
  }

  private mutating func append(_ hash: UInt64, _ place: Range<Int>) {
    hashes.append(Self.mixed(hash))
    places.append(place)
  }

  /// Bits are mixed once more, since runs are sums of these.
  private static func mixed(_ hash: UInt64) -> UInt64 { (hash ^ (hash >> 29)) &* 0xbf58_476d_1ce4_e5b9 }

  /// The run of a text's first words and its place, for texts whose beginning is ASCII: what `read` and `runs` give,
  /// without room for either. Nil for others.
  static func firstRun(of text: UnsafeBufferPointer<UInt8>, count: Int) -> (run: UInt64, place: Range<Int>)? {
    var (run, found, first, start, hash) = (UInt64(0), 0, -1, -1, seed)
    for (position, byte) in text.enumerated() {
      guard byte < 0x80 else { return nil }
      let letter = byte | 0x20
      let isWord = (0x61...0x7A).contains(letter) && byte >= 0x41 || (0x30...0x39).contains(byte)
      if isWord {
        if start < 0 { (start, hash) = (position, seed) }
        hash = (hash ^ UInt64(byte < 0x41 ? byte : letter)) &* prime
      } else if start >= 0 {
        (run, found, first) = (run &* base &+ mixed(hash), found + 1, first < 0 ? start : first)
        start = -1
        if found == count { return (run, first..<position) }
      }
    }
    // What ends where the text does may be the beginning of a longer word.
    return nil
  }

  private static func folded(_ scalar: Unicode.Scalar) -> UInt32? {
    if scalar.isASCII {
      switch scalar {
      case "a"..."z", "0"..."9": return scalar.value
      case "A"..."Z": return scalar.value | 0x20
      default: return nil
      }
    }
    guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else { return nil }
    return scalar.properties.lowercaseMapping.unicodeScalars.first?.value
  }

  private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0xE00: false
    // Thai to Myanmar, Khmer, kana and ideographs.
    case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0xF900...0xFAFF: true
    default: scalar.value >= 0x20000
    }
  }

  private static let base: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Hashes of all runs of so many words, from the first on.
  func runs(of count: Int) -> [UInt64] {
    guard count > 0, hashes.count >= count else { return [] }
    var weight: UInt64 = 1
    for _ in 1..<count { weight &*= Self.base }
    var (rolling, runs) = (UInt64(0), [UInt64]())
    runs.reserveCapacity(hashes.count - count + 1)
    for (position, hash) in hashes.enumerated() {
      if position >= count { rolling &-= hashes[position - count] &* weight }
      rolling = rolling &* Self.base &+ hash
      if position >= count - 1 { runs.append(rolling) }
    }
    return runs
  }
}
