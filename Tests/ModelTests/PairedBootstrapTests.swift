import Basics
import Foundation
import Model
import Testing

@Suite("Paired bootstrap")
struct PairedBootstrapTests {
  private static func normal(_ generator: inout SeededGenerator) -> Double {
    sqrt(-2 * log(1 - generator.unit())) * cos(2 * Double.pi * generator.unit())
  }

  @Test("with one seed: the interval of scipy.stats.bootstrap(method='percentile'), 100,000 resamples")
  func oneSeed() throws {
    let values = [
      0.31, -0.12, 0.55, 0.07, 0.42, -0.33, 0.18, 0.26, 0.91, -0.05, 0.14, 0.37, 0.02, -0.21, 0.48, 0.11, 0.29, 0.63,
      -0.14, 0.2,
    ]
    let paired = try #require(PairedDifferences([values]))
    #expect(abs(paired.mean - 0.2045) < 1e-12)
    let interval = paired.interval(resamples: 100_000, seed: 1)
    // Three seeds of scipy's gave 0.0760…0.0770 and 0.3370…0.3385.
    #expect(abs(interval.lower - 0.0765) < 0.002 && abs(interval.upper - 0.3375) < 0.002, "\(interval)")
  }

  @Test("seeds and windows crossed: the interval of a NumPy program that draws both, 200,000 resamples")
  func crossed() throws {
    let paired = try #require(
      PairedDifferences([
        [0.31, -0.12, 0.55, 0.07, 0.42, -0.33], [0.18, 0.26, 0.91, -0.05, 0.14, 0.37],
        [0.02, -0.21, 0.48, 0.11, 0.29, 0.63],
      ]))
    #expect(abs(paired.mean - 0.223889) < 1e-6)
    let interval = paired.interval(resamples: 100_000, seed: 2)
    #expect(abs(interval.lower - 0.0294) < 0.003 && abs(interval.upper - 0.4483) < 0.003, "\(interval)")
  }

  @Test("an interval of 95 % holds the true mean of normal differences in about 95 % of experiments")
  func coverage() {
    var generator = SeededGenerator(seed: 17)
    let held = (0..<300).count { experiment in
      // Effects of 8 seeds and of 40 windows, and noise.
      let windows = (0..<40).map { _ in Self.normal(&generator) }
      let rows = (0..<8).map { _ in
        let seedEffect = 0.1 * Self.normal(&generator)
        return windows.map { 0.25 + seedEffect + $0 + 0.5 * Self.normal(&generator) }
      }
      guard let interval = PairedDifferences(rows)?.interval(resamples: 400, seed: UInt64(experiment)) else {
        return false
      }
      return interval.lower <= 0.25 && 0.25 <= interval.upper
    }
    // Four standard deviations of a binomial count around 285, and below that what 8 seeds cost.
    #expect((267...300).contains(held), "\(held) of 300")
  }

  @Test("the seed decides the interval; constant differences have no width; ragged or empty ones are refused")
  func edges() throws {
    let paired = try #require(PairedDifferences([[1, 2, 3, 4], [2, 3, 4, 9]]))
    #expect(paired.interval(resamples: 50, seed: 3) == paired.interval(resamples: 50, seed: 3))
    #expect(paired.interval(resamples: 50, seed: 3) != paired.interval(resamples: 50, seed: 4))
    let constant = try #require(PairedDifferences([[0.5, 0.5], [0.5, 0.5]]))
    #expect(constant.interval(resamples: 50, seed: 3) == ConfidenceInterval(lower: 0.5, upper: 0.5))
    #expect(PairedDifferences([]) == nil && PairedDifferences([[]]) == nil && PairedDifferences([[1], [1, 2]]) == nil)
  }
}
