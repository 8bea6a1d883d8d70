/// A text's similarity sketch: as many numbers as it has bins, of which the share that two texts have in common is
/// their Jaccard similarity, but for chance. Fast Similarity Sketching (Dahlgaard, Knudsen and Thorup, FOCS 2017): each
/// round hashes every shingle to one bin, which keeps the least; rounds go on until no bin is empty, so that a text of
/// thirty shingles fills as many bins as one of five hundred, and none costs more than about one pass over its text.
struct SimilaritySketch {
  /// Of each bin: the round, above 32 bits of hash. Kept from text to text.
  private(set) var bins: [UInt64]

  init(binCount: Int) { bins = Array(repeating: .max, count: binCount) }

  mutating func read(_ shingles: UnsafeBufferPointer<UInt64>) {
    for bin in bins.indices { bins[bin] = .max }
    guard !shingles.isEmpty else { return }
    var emptyCount = bins.count
    var round = 0
    while emptyCount > 0 {
      fill(shingles, round: round, &emptyCount)
      round += 1
    }
  }

  private mutating func fill(_ shingles: UnsafeBufferPointer<UInt64>, round: Int, _ emptyCount: inout Int) {
    let (binCount, key) = (UInt64(bins.count), finalMix(UInt64(round) &+ 1))
    // From round t on, round t + i fills bin i alone, so that none stays empty.
    let fixed = round >= bins.count ? round - bins.count : -1
    bins.withUnsafeMutableBufferPointer { bins in
      for shingle in shingles {
        let hash = (shingle ^ key) &* 0xd6e8_feb8_6659_fd93
        let mixed = hash ^ (hash >> 32)
        let bin = fixed >= 0 ? fixed : Int(((mixed >> 32) &* binCount) >> 32)
        let value = UInt64(round) << 32 | (mixed &* 0xd6e8_feb8_6659_fd93) >> 32
        if value < bins[bin] {
          if bins[bin] == .max { emptyCount -= 1 }
          bins[bin] = value
        }
      }
    }
  }

  /// One bit a bin, of the first 128: two texts' bits differ in half of the bins that differ.
  var bits: SketchBits {
    var bits = SketchBits()
    for (position, bin) in bins.prefix(128).enumerated() {
      if position < 64 { bits.low |= (bin & 1) << position } else { bits.high |= (bin & 1) << (position - 64) }
    }
    return bits
  }

  /// The hash of each band of `rowCount` bins.
  func bandHashes(rowCount: Int) -> [UInt32] {
    stride(from: 0, to: bins.count - rowCount + 1, by: rowCount).map { start in
      UInt32(truncatingIfNeeded: bins[start..<start + rowCount].reduce(0) { finalMix($0 ^ $1) } >> 32)
    }
  }
}

/// The first cheap look at two texts.
struct SketchBits: BitwiseCopyable, Sendable {
  var low: UInt64 = 0
  var high: UInt64 = 0

  func differenceCount(_ other: SketchBits) -> Int {
    (low ^ other.low).nonzeroBitCount + (high ^ other.high).nonzeroBitCount
  }
}
