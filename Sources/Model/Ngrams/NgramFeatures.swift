/// Which hashed runs of bytes a text has: docs/formats/ngrams.md.
public struct NgramFeatures: Hashable, Sendable {
  public var runs: ClosedRange<Int>
  /// The base-2 logarithm of the number of features.
  public var bits: Int

  public init(runs: ClosedRange<Int>, bits: Int) { (self.runs, self.bits) = (runs, bits) }

  /// Each once, in the order of their first places.
  public func of(_ text: String) -> [Int] {
    let bytes = [0x20] + text.utf8.map { 0x41...0x5A ~= $0 ? $0 + 0x20 : $0 } + [0x20]
    let mask = (UInt32(1) << UInt32(bits)) - 1
    var seen = [Bool](repeating: false, count: 1 << bits)
    var found: [Int] = []
    for start in bytes.indices {
      var hash = FNV1a.start
      for (index, byte) in bytes[start...].prefix(runs.upperBound).enumerated() {
        hash = FNV1a.of(byte, after: hash)
        let feature = Int((hash ^ (hash >> 15)) & mask)
        guard index + 1 >= runs.lowerBound, !seen[feature] else { continue }
        seen[feature] = true
        found.append(feature)
      }
    }
    return found
  }
}
