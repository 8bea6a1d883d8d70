import Basics
import Engine
import Model
import Networks
import Testing

/// The Swift sampler is the oracle: every byte is equal, for any logits and any settings.
@Suite("C sampler against the Swift sampler")
struct SamplerParityTests {
  /// Draws three bytes in both languages.
  private func expectEqual(_ sampling: Sampling, stream: UInt64, _ logits: [Float]) throws {
    var swift = SeededSampler(sampling, stream: stream)
    var c = try CSampler(sampling, stream: stream)
    for draw in 0..<3 {
      let expected = swift.next(logits)
      #expect(c.next(logits) == expected, "draw \(draw) with \(sampling) from \(logits)")
    }
  }

  private func anySampling(_ generator: inout SeededGenerator) throws -> Sampling {
    // Spread over the orders of magnitude, and often at a limit.
    let temperature = [10, 100, 1000, 10_000, 100_000][generator.below(5)]
    let spread = 1 + generator.below(9)
    return try Sampling(
      temperature: min(temperature * spread, 100_000),
      topK: generator.below(3) == 0 ? 256 : 1 + generator.below(256),
      topP: generator.below(3) == 0 ? 1000 : 1 + generator.below(1000), seed: generator.next())
  }

  @Test("any logits, any settings")
  func random() throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<20_000 {
      let scale = Float([0.001, 1, 8, 60, 1e4, 1e38][generator.below(6)])
      // A coarse step makes many logits equal.
      let levelCount = [3, 40, 1 << 20][generator.below(3)]
      let logits = (0..<256).map { _ in scale * Float(generator.below(levelCount)) / Float(levelCount) }
      try expectEqual(try anySampling(&generator), stream: generator.next(), logits)
    }
  }

  @Test("any bits as logits: infinities, NaN and subnormals among them")
  func anyBits() throws {
    var generator = SeededGenerator(seed: 22)
    let odd: [Float] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    for round in 0..<5000 {
      let logits = (0..<256).map { _ in
        generator.below(4) < round % 4
          ? odd[generator.below(odd.count)] : Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      }
      try expectEqual(try anySampling(&generator), stream: 0, logits)
    }
  }

  @Test("all equal, and all not numbers", arguments: [Float(0), 5, .infinity, -.infinity, .nan])
  func equalLogits(value: Float) throws {
    for topK in [1, 2, 255, 256] {
      for topP in [1, 500, 999, 1000] {
        let sampling = try Sampling(topK: topK, topP: topP, seed: 5)
        try expectEqual(sampling, stream: 1, [Float](repeating: value, count: 256))
      }
    }
  }

  @Test("any costs: an engine of integers draws alike")
  func costs() throws {
    var generator = SeededGenerator(seed: 23)
    for _ in 0..<5000 {
      let range = [2, 100, 40_000, Int(LogitCosts.limit) + 1][generator.below(4)]
      var costs = (0..<256).map { _ in UInt32(generator.below(range)) }
      costs[generator.below(256)] = 0
      let sampling = try anySampling(&generator)
      var swift = SeededSampler(sampling, stream: 0)
      var c = try CSampler(sampling, stream: 0)
      for _ in 0..<3 { #expect(swift.draw(costs) == c.draw(costs), "\(sampling)") }
    }
  }

  @Test("top k of 1, the smallest top p, and no settings at all are the greedy choice")
  func greedy() throws {
    var generator = SeededGenerator(seed: 24)
    for _ in 0..<500 {
      let logits = (0..<256).map { _ in Float(generator.below(50)) * 1e-4 }
      let expected = greedyByte(logits)
      for temperature in [10, 1000, 100_000] {
        for (topK, topP) in [(1, 1000), (256, 1)] {
          let sampling = try Sampling(temperature: temperature, topK: topK, topP: topP, seed: generator.next())
          var swift = SeededSampler(sampling, stream: 0)
          var c = try CSampler(sampling, stream: 0)
          #expect(swift.next(logits) == expected && c.next(logits) == expected)
        }
      }
      var c = try CSampler(nil, stream: 0)
      #expect(c.next(logits) == expected)
    }
  }
}
