import Formats

extension SmallFile {
  static let smallNgrams = NgramImage(
    labels: [.init(name: "play", bias: -5), .init(name: "é", bias: 4096)], runs: 2...4, featureBits: 6, scale: 900,
    threshold: -100, weights: (0..<128).map { Int8($0 % 16 - 8) }, pairs: pairs)

  private static let pairs: KnownPairs = {
    var pairs = KnownPairs(bits: 8, newness: 32_768)
    for hash: UInt32 in [1, 0x9000_0000, 0xFFFF_FFFF] { pairs.insert(hash) }
    return pairs
  }()
}
