/// What the sampler asks of an engine: how many 1/2048 octaves (powers of two of the probability) a byte is below the
/// most probable one, at temperature 1.
package enum LogitCosts {
  /// The largest cost, which all above it become. At the highest temperature it still has no weight.
  package static let limit: UInt32 = 4_194_303
  /// 2048 · log2(e), the octaves of a logit of 1.
  private static let octavesPerNat: Float = 2954.6394

  /// 0 for the largest logit and its equals, at least 1 for any other; the limit for NaN.
  package static func costs(of logits: [Float]) -> [UInt32] {
    let largest = logits.reduce(-Float.infinity) { $1 > $0 ? $1 : $0 }
    return logits.map { logit in
      if logit == largest { return 0 }
      let octaves = (largest - logit) * octavesPerNat
      return octaves < Float(limit) ? 1 + UInt32(octaves) : limit
    }
  }
}
