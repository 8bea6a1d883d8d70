/// Which pairs of words a classifier's texts have: a Bloom filter (Bloom, "Space/Time Trade-offs in Hash Coding with
/// Allowable Errors", CACM 1970) with three bits a pair. Specified in docs/formats/ngrams.md.
public struct KnownPairs: Hashable, Sendable {
  /// Base-2 logarithms of the number of bits.
  public static let bitCounts = 8...17
  static let newnessLimit: UInt32 = 1 << 19

  /// By how much a text's scores are lowered if all of its pairs are new, in 1/4096.
  public var newness: UInt32
  /// The base-2 logarithm of the number of bits.
  public let bits: Int
  public private(set) var bytes: [UInt8]

  /// One that knows no pair.
  public init(bits: Int, newness: UInt32) {
    (self.bits, self.newness) = (bits, newness)
    bytes = Array(repeating: 0, count: 1 << (bits - 3))
  }

  init(bits: Int, newness: UInt32, bytes: [UInt8]) { (self.bits, self.newness, self.bytes) = (bits, newness, bytes) }

  /// - Parameter hash: of a pair, by FNV-1a.
  public mutating func insert(_ hash: UInt32) {
    for place in places(of: hash) { bytes[place / 8] |= 1 << UInt8(place % 8) }
  }

  public func contains(_ hash: UInt32) -> Bool {
    places(of: hash).allSatisfy { bytes[$0 / 8] & (1 << UInt8($0 % 8)) != 0 }
  }

  private func places(of hash: UInt32) -> [Int] {
    let shift = UInt32(32 - bits)
    return [
      Int((hash ^ (hash >> 15)) & ((1 << UInt32(bits)) - 1)), Int((hash &* 0x9E37_79B1) >> shift),
      Int((hash &* 0x85EB_CA77) >> shift),
    ]
  }
}
