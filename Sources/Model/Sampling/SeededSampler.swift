import Networks

/// Temperature, top-k and top-p with a seeded generator, as docs/sampling.md writes it down: the oracle of the C twin,
/// `atome_sample`. Plain lists and one sort, where the twin keeps a heap and sorts as far as a draw asks.
public struct SeededSampler: ByteSampler, Sendable {
  private let sampling: Sampling
  /// `rate / 2^shift` is 1 / temperature.
  private let rate: UInt64
  private let shift: UInt64
  private var generator: PermutedCongruentialGenerator

  /// - Parameter stream: independent sequences of one seed.
  public init(_ sampling: Sampling, stream: UInt64) {
    self.sampling = sampling
    var (rate, shift) = ((UInt64(1000) << 22) / UInt64(sampling.temperature), UInt64(22))
    while rate > 0xFFFF { (rate, shift) = (rate >> 1, shift - 1) }
    (self.rate, self.shift) = (rate, shift)
    generator = PermutedCongruentialGenerator(seed: sampling.seed, stream: stream)
  }

  /// Draws the byte that follows.
  public mutating func next(_ logits: [Float]) -> UInt8 { draw(LogitCosts.costs(of: logits)) }

  /// Draws from the costs of the 256 bytes. Every draw takes one number of the generator.
  package mutating func draw(_ costs: [UInt32]) -> UInt8 {
    let bits = UInt64(generator.next())
    let candidates = candidates(costs)
    var place = (bits * total(candidates)) >> 32
    for candidate in candidates {
      if place < candidate.weight { return candidate.byte }
      place -= candidate.weight
    }
    return 0
  }

  private struct Candidate {
    var byte: UInt8
    var cost: UInt32
    /// In units of 1 / 32768.
    var weight: UInt64
  }

  private func weight(_ cost: UInt32) -> UInt64 {
    UInt64(atomeExp2Down(UInt32((UInt64(cost) * rate) >> shift)))
  }

  private func total(_ candidates: some Sequence<Candidate>) -> UInt64 { candidates.reduce(0) { $0 + $1.weight } }

  /// What may be drawn, the most probable first; of equal costs the smaller byte.
  private func candidates(_ costs: [UInt32]) -> ArraySlice<Candidate> {
    let ordered = costs.enumerated().map { index, cost in
      Candidate(byte: UInt8(index), cost: cost, weight: weight(cost))
    }
    .sorted { ($0.cost, $0.byte) < ($1.cost, $1.byte) }
    let best = ordered.prefix(sampling.topK)
    let needed = (total(best) * UInt64(sampling.topP) + 999) / 1000
    var reached: UInt64 = 0
    return best.prefix { candidate in
      defer { reached += candidate.weight }
      return reached < needed
    }
  }
}
