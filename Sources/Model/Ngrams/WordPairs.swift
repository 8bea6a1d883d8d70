import Formats

/// The pairs of words that stand side by side in a text: docs/formats/ngrams.md.
public enum WordPairs {
  /// Pairs behind these are not read.
  static let largestCount = (1 << 20) - 1

  /// The hash of each pair, in the text's order: the first word has nothing before it, the last nothing behind it.
  public static func hashes(of text: String) -> [UInt32] {
    var hashes: [UInt32] = []
    var (pair, word, isInWord) = (FNV1a.of(0x20), FNV1a.start, false)
    for byte in text.utf8 {
      let byte = 0x41...0x5A ~= byte ? byte + 0x20 : byte
      if isOfWord(byte) {
        (pair, word, isInWord) = (FNV1a.of(byte, after: pair), FNV1a.of(byte, after: word), true)
      } else if isInWord {
        hashes.append(pair)
        (pair, word, isInWord) = (FNV1a.of(0x20, after: word), FNV1a.start, false)
        if hashes.count == largestCount - 1 { break }
      }
    }
    if isInWord, hashes.count < largestCount - 1 {
      hashes.append(pair)
      pair = FNV1a.of(0x20, after: word)
    }
    return hashes + [pair]
  }

  /// Letters in small, digits, the apostrophe, and all that is not ASCII.
  private static func isOfWord(_ byte: UInt8) -> Bool {
    0x61...0x7A ~= byte || 0x30...0x39 ~= byte || byte == 0x27 || byte >= 0x80
  }
}

/// FNV-1a in 32 bits (Fowler, Noll and Vo).
enum FNV1a {
  static let start: UInt32 = 0x811C_9DC5

  static func of(_ byte: UInt8, after hash: UInt32 = start) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }
}

extension KnownPairs {
  /// By how much this text's scores are lowered, in 1/4096.
  func lowering(of text: String) -> Int32 {
    let hashes = WordPairs.hashes(of: text)
    let share = (UInt32(hashes.count { !contains($0) }) << 12) / UInt32(hashes.count)
    return Int32(truncatingIfNeeded: (newness * share) >> 12)
  }
}
