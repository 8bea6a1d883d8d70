import Formats

/// The classifier of docs/formats/ngrams.md: what `firmware/ngrams` computes, bit for bit.
public struct NgramClassifier: Sendable {
  public let image: NgramImage
  private let features: NgramFeatures

  public init(_ image: NgramImage) {
    self.image = image
    features = NgramFeatures(runs: image.runs, bits: image.featureBits)
  }

  /// By label, in 1/4096.
  public func scores(of text: String) -> [Int32] {
    let found = features.of(text)
    let count = image.labels.count
    var sums = [Int64](repeating: 0, count: count)
    for feature in found {
      for label in 0..<count { sums[label] += Int64(image.weights[feature * count + label]) }
    }
    let lowering = image.pairs?.lowering(of: text) ?? 0
    let root = found.isEmpty ? 0 : Self.root(of: UInt32.max / UInt32(found.count))
    return zip(image.labels, sums).map { label, sum in
      // The limits of an image keep it within 32 bits.
      label.bias + Int32(truncatingIfNeeded: (sum * root * Int64(image.scale)) >> 16) - lowering
    }
  }

  /// The label with the highest score, of equals the first; nil where that score is below the threshold.
  public func label(for scores: [Int32]) -> Int? {
    guard let best = scores.indices.max(by: { (scores[$0], -$0) < (scores[$1], -$1) }) else { return nil }
    return scores[best] < image.threshold ? nil : best
  }

  private static func root(of value: UInt32) -> Int64 {
    var root: UInt32 = 0
    for bit in stride(from: 15, through: 0, by: -1) {
      let candidate = root | (1 << UInt32(bit))
      if candidate * candidate <= value { root = candidate }
    }
    return Int64(root)
  }
}
