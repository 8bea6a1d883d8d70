import Basics
import Foundation
import Model
import Networks
import Testing

@Suite("Seeded sampling")
struct SamplerTests {
  @Test("the generator gives what pcg32-demo of the PCG C library prints for seed 42 and stream 54")
  func generator() {
    var generator = PermutedCongruentialGenerator(seed: 42, stream: 54)
    let published: [UInt32] = [0xA15C_02B7, 0x7B47_F409, 0xBA1D_3330, 0x83D2_F293, 0xBFA4_784B, 0xCBED_606E]
    #expect((0..<6).map { _ in generator.next() } == published)
  }

  @Test("a weight is the power of two that it stands for, to 0.6 units, and never rises")
  func weights() {
    var last = atomeExp2Down(0)
    #expect(last == 32_768)
    for octaves in UInt32(0)..<40_000 {
      let weight = atomeExp2Down(octaves)
      #expect(weight <= last)
      if octaves < 32_768 {
        #expect(weight >= 1 && abs(Double(weight) - 32_768 * exp2(-Double(octaves) / 2048)) < 0.6, "\(octaves)")
      } else {
        #expect(weight == 0)
      }
      last = weight
    }
  }

  @Test("a cost is at most one unit above its octaves, and 0 for the largest logit alone")
  func costs() {
    var generator = SeededGenerator(seed: 3)
    for scale in [1e-6, 1, 30, 700] {
      let logits = (0..<256).map { _ in Float(scale * (generator.unit() - 0.5)) }
      let largest = Double(logits.max() ?? 0)
      for (logit, cost) in zip(logits, LogitCosts.costs(of: logits)) {
        let octaves = (largest - Double(logit)) * 2048 * M_LOG2E
        #expect((cost == 0) == (octaves == 0))
        #expect(Double(cost) >= octaves * (1 - 1e-6) && Double(cost) <= octaves * (1 + 1e-6) + 1)
      }
    }
  }

  @Test("logits that are infinite or not numbers have their place")
  func oddLogits() {
    let limit = LogitCosts.limit
    #expect(LogitCosts.costs(of: [.nan, 1, -.infinity, 1]) == [limit, 0, limit, 0])
    #expect(LogitCosts.costs(of: [.infinity, .nan, 3e38]) == [0, limit, limit])
    #expect(LogitCosts.costs(of: [-.infinity, .nan]) == [0, limit])
    #expect(LogitCosts.costs(of: [.nan, .nan]) == [limit, limit])
    #expect(LogitCosts.costs(of: [3e38, -3e38]) == [0, limit])
    #expect(LogitCosts.costs(of: [0, -.leastNonzeroMagnitude]) == [0, 1])
  }

  @Test("the same seed and stream give the same bytes, another seed or stream others")
  func seeds() throws {
    let logits = (0..<256).map { Float($0 % 7) }
    func bytes(_ seed: UInt64, _ stream: UInt64) throws -> [UInt8] {
      var sampler = SeededSampler(try Sampling(seed: seed), stream: stream)
      return (0..<64).map { _ in sampler.next(logits) }
    }
    #expect(try bytes(1, 0) == bytes(1, 0))
    #expect(Set([try bytes(1, 0), try bytes(2, 0), try bytes(1, 1), try bytes(2, 1)]).count == 4)
  }

  @Test("settings outside their limits are refused", arguments: [(9, 1, 1), (100_001, 1, 1), (10, 0, 1), (10, 257, 1)])
  func limits(temperature: Int, topK: Int, topP: Int) {
    #expect(throws: HintedError.self) { try Sampling(temperature: temperature, topK: topK, topP: topP) }
    #expect(throws: HintedError.self) { try Sampling(topP: 1001) }
    #expect(throws: HintedError.self) { try Sampling(topP: 0) }
  }
}

/// How often each byte comes, against the softmax in double precision. Seeds are fixed, so no run is a matter of luck.
@Suite("Sampled frequencies")
struct SampledFrequencyTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    var temperature = 1000
    var topK = 256
    var topP = 1000
    var testDescription: String { "temperature \(temperature), top k \(topK), top p \(topP)" }
  }

  static let settings = [
    Setting(), Setting(temperature: 700), Setting(temperature: 2500), Setting(topK: 5), Setting(topP: 900),
    Setting(temperature: 800, topK: 40, topP: 950),
  ]
  static let drawCount = 100_000

  @Test("agree with the exact softmax: chi-square below its mean and five deviations", arguments: settings)
  func frequencies(setting: Setting) throws {
    var generator = SeededGenerator(seed: 9)
    let logits = (0..<256).map { _ in Float(12 * generator.unit()) }
    let expected = Self.probabilities(logits, setting)
    let sampling = try Sampling(temperature: setting.temperature, topK: setting.topK, topP: setting.topP, seed: 1)
    var sampler = SeededSampler(sampling, stream: 0)
    var counts = [Int](repeating: 0, count: 256)
    for _ in 0..<Self.drawCount { counts[Int(sampler.next(logits))] += 1 }
    // Bytes that are expected less than five times are one bin, as the test's approximation asks.
    var (statistic, binCount, rare, rareExpected) = (0.0, 0, 0.0, 0.0)
    for (count, probability) in zip(counts, expected) {
      let mean = probability * Double(Self.drawCount)
      if probability == 0 { #expect(count == 0) }
      guard mean >= 5 else {
        (rare, rareExpected) = (rare + Double(count), rareExpected + mean)
        continue
      }
      statistic += (Double(count) - mean) * (Double(count) - mean) / mean
      binCount += 1
    }
    if rareExpected >= 5 {
      statistic += (rare - rareExpected) * (rare - rareExpected) / rareExpected
      binCount += 1
    }
    let freedom = Double(binCount - 1)
    #expect(statistic < freedom + 5 * (2 * freedom).squareRoot() + 5, "\(statistic) at \(freedom) degrees of freedom")
  }

  /// Softmax, then the best k, then the shortest beginning that reaches p, all in double precision.
  private static func probabilities(_ logits: [Float], _ setting: Setting) -> [Double] {
    let largest = Double(logits.max() ?? 0)
    let weights = logits.map { exp((Double($0) - largest) * 1000 / Double(setting.temperature)) }
    let order = weights.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    let best = order.prefix(setting.topK)
    let bestTotal = best.reduce(0) { $0 + weights[$1] }
    var (reached, result) = (0.0, [Double](repeating: 0, count: weights.count))
    for byte in best where reached < bestTotal * Double(setting.topP) / 1000 {
      reached += weights[byte]
      result[byte] = weights[byte]
    }
    return result.map { $0 / reached }
  }
}
