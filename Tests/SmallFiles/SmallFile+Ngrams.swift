import Formats

extension SmallFile {
  static let smallNgrams = NgramImage(
    labels: [.init(name: "play", bias: -5), .init(name: "é", bias: 4096)], runs: 2...4, featureBits: 6, scale: 900,
    threshold: -100, weights: (0..<128).map { Int8($0 % 16 - 8) })
}
