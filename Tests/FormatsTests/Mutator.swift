import Basics

/// Damages files at random: bits, bytes, numbers that may be lengths, pieces doubled or cut out. The same seed gives
/// the same damage.
struct Mutator {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// Numbers at which arithmetic on lengths goes wrong.
  private static let extremes: [UInt64] = [
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 62,
    0x7FFF_FFFF_FFFF_FFFF,
    0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
  ]
  /// What damages text: numbers, quotes, indents.
  private static let words = [
    "0", "-1", "9223372036854775808", "1e999", "-0", "null", "{}", "[]", "\"", "\u{0}", "\n", "  ", "&a ", "*a", "\t",
    ":",
  ].map { Array($0.utf8) }

  /// One to four damages.
  mutating func damaged(_ file: [UInt8]) -> [UInt8] {
    var bytes = file
    for _ in 0...generator.below(4) where !bytes.isEmpty { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    let place = generator.below(bytes.count)
    switch generator.below(8) {
    case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
    case 1: bytes[place] = UInt8(generator.below(256))
    case 2, 3: putNumber(&bytes, place)
    case 4: bytes.replaceSubrange(place..<end(after: place, bytes), with: Self.words[generator.below(Self.words.count)])
    case 5: bytes.removeSubrange(place..<end(after: place, bytes))
    case 6:
      let source = generator.below(bytes.count)
      bytes.insert(contentsOf: Array(bytes[source..<end(after: source, bytes)]), at: place)
    default: bytes.removeSubrange(place...)
    }
  }

  private mutating func putNumber(_ bytes: inout [UInt8], _ place: Int) {
    let extreme = Self.extremes[generator.below(Self.extremes.count)]
    let number = generator.below(2) == 0 ? extreme : UInt64(generator.below(64))
    let width = 1 << generator.below(4)
    for index in 0..<min(width, bytes.count - place) {
      bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
    }
  }

  private mutating func end(after place: Int, _ bytes: [UInt8]) -> Int {
    min(bytes.count, place + 1 + generator.below(32))
  }
}
