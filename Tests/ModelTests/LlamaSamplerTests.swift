import Basics
import Foundation
import Model
import Testing

@Suite("Sampling a llama2.c model's tokens")
struct LlamaSamplerTests {
  /// Probabilities 0.5, 0.3, 0.15, 0.05, not in that order.
  private static let logits = [0.15, 0.5, 0.05, 0.3].map { Float(log($0)) }

  private func shares(temperature: Double, topP: Double) -> [Double] {
    var sampler = LlamaSampler(temperature: temperature, topP: topP, random: SeededGenerator(seed: 6))
    var counts = [Double](repeating: 0, count: 4)
    for _ in 0..<40_000 { counts[sampler.next(Self.logits)] += 1 / 40_000 }
    return counts
  }

  @Test(
    "tokens come as often as the softmax says, at any temperature",
    arguments: [
      (1.0, [0.15, 0.5, 0.05, 0.3]), (0.5, [0.0616, 0.6849, 0.0068, 0.2466]), (0.0, [0.0, 1.0, 0.0, 0.0]),
    ])
  func temperatures(temperature: Double, expected: [Double]) {
    for (share, expected) in zip(shares(temperature: temperature, topP: 1), expected) {
      // Four standard deviations at the most.
      #expect(abs(share - expected) <= (expected == 0 || expected == 1 ? 1e-9 : 0.01))
    }
  }

  @Test(
    "of a nucleus the likeliest tokens come that reach its share, at least one",
    arguments: [
      (0.79, [0.0, 0.625, 0.0, 0.375]), (0.81, [0.158, 0.526, 0.0, 0.316]), (0.0, [0.0, 1.0, 0.0, 0.0]),
      (0.4, [0.0, 1.0, 0.0, 0.0]),
    ])
  func nuclei(topP: Double, expected: [Double]) {
    for (share, expected) in zip(shares(temperature: 1, topP: topP), expected) {
      #expect(abs(share - expected) <= (expected == 0 || expected == 1 ? 1e-9 : 0.01))
    }
  }

  @Test("the same generator draws the same tokens; of equal logits the first is the likeliest")
  func seeds() {
    func draws(_ seed: UInt64) -> [Int] {
      var sampler = LlamaSampler(temperature: 1, topP: 0.9, random: SeededGenerator(seed: seed))
      return (0..<50).map { _ in sampler.next(Self.logits) }
    }
    #expect(draws(1) == draws(1) && draws(1) != draws(2))
    var greedy = LlamaSampler(temperature: 0, topP: 1, random: SeededGenerator(seed: 1))
    #expect(greedy.next([0, 2, 1, 2]) == 1)
  }
}
