/// How often each piece of the texts occurs: what a vocabulary is learned from.
///
/// Strings stay inside pieces: a word with the space before it, a number with its space, a run of punctuation. Spaces,
/// control bytes and marks stand alone, where nothing can merge with them.
package struct PieceTable {
  /// A longer piece is counted in parts; without spaces or line ends a text would be one piece.
  static let longestPieceByteCount = 64

  private enum Kind: UInt8 {
    case alone, space, letter, digit, punctuation
  }

  /// By byte.
  private let kinds: [Kind]
  private(set) var isUsed = [Bool](repeating: false, count: 256)
  private var bytes: [UInt8] = []
  private var starts = [0]
  private(set) var counts: [Int] = []
  /// Open addressing, a power of two of slots: numbers of pieces from 1, 0 where there is none.
  private var slots = [Int32](repeating: 0, count: 1 << 12)

  /// - Parameter marks: texts whose bytes, except spaces, stand alone.
  package init(marks: [String]) {
    var kinds = (UInt8.min...UInt8.max).map(Self.kind)
    for byte in marks.flatMap(\.utf8) where byte != UInt8(ascii: " ") { kinds[Int(byte)] = .alone }
    self.kinds = kinds
  }

  var pieceCount: Int { counts.count }

  func piece(_ index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  private static func kind(of byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: " "): .space
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...0xFF: .letter
    case 0..<UInt8(ascii: " "), 0x7F: .alone
    default: .punctuation
    }
  }
}

// MARK: - Counting

extension PieceTable {
  package mutating func add(_ text: [UInt8], count: Int) {
    text.withUnsafeBufferPointer { text in
      var start = 0
      while start < text.count {
        let end = pieceEnd(text, start)
        add(UnsafeBufferPointer(rebasing: text[start..<end]), count)
        start = end
      }
    }
  }

  private func pieceEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    if kinds[Int(text[end])] == .space, end + 1 < text.count { end += 1 }
    let kind = kinds[Int(text[end])]
    guard kind != .alone, kind != .space else { return start + 1 }
    let limit = min(text.count, start + Self.longestPieceByteCount)
    while end < limit, kinds[Int(text[end])] == kind { end += 1 }
    return end
  }

  private mutating func add(_ piece: UnsafeBufferPointer<UInt8>, _ count: Int) {
    for byte in piece { isUsed[Int(byte)] = true }
    guard piece.count > 1 else { return }
    if 2 * counts.count >= slots.count { grow() }
    var slot = Self.hash(piece) & (slots.count - 1)
    while slots[slot] > 0 {
      let index = Int(slots[slot]) - 1
      if self.piece(index).elementsEqual(piece) {
        counts[index] += count
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    bytes.append(contentsOf: piece)
    starts.append(bytes.count)
    counts.append(count)
    slots[slot] = Int32(counts.count)
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: 2 * slots.count)
    bytes.withUnsafeBufferPointer { bytes in
      for index in counts.indices {
        let piece = UnsafeBufferPointer(rebasing: bytes[starts[index]..<starts[index + 1]])
        var slot = Self.hash(piece) & (slots.count - 1)
        while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index + 1)
      }
    }
  }

  /// FNV-1a.
  private static func hash(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
    let hash = piece.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }
}
