/// Bytes looked at eight at a time, in one word (Warren, Hacker's Delight, 2nd edition, section 6-1).
public enum ByteWords {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Eight bytes, the first of them lowest.
  static func word(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position, as: UInt64.self))
  }

  /// The high bit of each byte that is below a limit of at most 128. Above the lowest such byte there may be more bits
  /// than such bytes.
  static func below(_ limit: UInt8, in word: UInt64) -> UInt64 {
    (word &- ones &* UInt64(limit)) & ~word & highBits
  }

  /// The same for each byte that equals another.
  static func equal(to byte: UInt8, in word: UInt64) -> UInt64 { below(1, in: word ^ (ones &* UInt64(byte))) }

  /// Where the first control character, quote or backslash stands: what a JSON string must escape, or ends with.
  /// - Returns: the count of `bytes` where there is none.
  static func firstToEscape(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int {
    var position = start
    while position + 8 <= bytes.count {
      let word = word(bytes, at: position)
      let found =
        below(0x20, in: word) | equal(to: UInt8(ascii: "\""), in: word) | equal(to: UInt8(ascii: "\\"), in: word)
      if found != 0 { return position + found.trailingZeroBitCount / 8 }
      position += 8
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      position += 1
    }
    return position
  }

  /// Where a byte stands first.
  /// - Returns: the count of `bytes` where it is not there.
  static func first(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int {
    var position = start
    while position + 8 <= bytes.count {
      let found = equal(to: byte, in: word(bytes, at: position))
      if found != 0 { return position + found.trailingZeroBitCount / 8 }
      position += 8
    }
    while position < bytes.count, bytes[position] != byte { position += 1 }
    return position
  }

  /// How many bytes of a text's beginning are printable ASCII, eight at a time: at most 7 too few.
  public static func printableCount(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var position = start
    while position + 8 <= bytes.count {
      let word = word(bytes, at: position)
      if word & highBits | below(0x20, in: word) | equal(to: 0x7F, in: word) != 0 { break }
      position += 8
    }
    return position - start
  }
}
