import Networks

/// Seeded sampling from integer logits, as docs/sampling.md writes it down: the oracle of `atome_integer_sample`.
public struct IntegerSampler: ByteSampler, Sendable {
  private var sampler: SeededSampler
  private let rate: LogitRate

  /// - Parameter stream: independent sequences of one seed.
  init(_ sampling: Sampling, stream: UInt64, rate: LogitRate) {
    sampler = SeededSampler(sampling, stream: stream)
    self.rate = rate
  }

  public mutating func next(_ logits: [Float]) -> UInt8 { sampler.draw(rate.costs(of: logits)) }
}

extension LogitRate {
  /// How many 1/2048 octaves each logit is below the largest: 0 for it and its equals, at least 1 for any other.
  package func costs(of logits: [Float]) -> [UInt32] {
    let largest = Int64(logits.max() ?? 0)
    return logits.map { logit in
      let distance = UInt64(largest - Int64(logit))
      if distance == 0 { return 0 }
      // In two halves, as the device does it.
      let octaves =
        ((distance >> 8) * UInt64(multiplier) + ((distance & 0xFF) * UInt64(multiplier)) >> 8) >> UInt64(shift - 8)
      return octaves < UInt64(LogitCosts.limit) ? 1 + UInt32(octaves) : LogitCosts.limit
    }
  }
}
