import Basics
import Foundation
import Model
import Testing

@Suite("Bootstrap")
struct BootstrapTests {
  @Test("quantiles are NumPy's")
  func quantiles() {
    // numpy.quantile([1, 2, 4, 8, 16], [0, 0.025, 0.5, 0.9, 0.975, 1])
    let values = [1.0, 2, 4, 8, 16]
    for (share, expected) in [(0, 1), (0.025, 1.1), (0.5, 4), (0.9, 12.8), (0.975, 15.2), (1, 16)] {
      #expect(abs(quantile(share, ofSorted: values) - expected) < 1e-12)
    }
    #expect(quantile(0.3, ofSorted: [7]) == 7)
  }

  @Test("the mean of a normal sample: as wide as the theory of large samples says")
  func mean() throws {
    var generator = SeededGenerator(seed: 3)
    let values = (0..<400).map { _ in
      sqrt(-2 * log(1 - generator.unit())) * cos(2 * Double.pi * generator.unit())
    }
    let mean = values.reduce(0, +) / 400
    let deviation = sqrt(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400)
    let interval = try #require(
      bootstrapInterval(count: 400, resamples: 4000, seed: 1) { $0.reduce(0) { $0 + values[$1] } / 400 })
    let halfWidth = 1.959964 * deviation / 20
    #expect(abs(interval.lower - (mean - halfWidth)) < 0.05 * halfWidth)
    #expect(abs(interval.upper - (mean + halfWidth)) < 0.05 * halfWidth)
  }

  @Test("an interval of 90 % holds the true mean in about 90 % of experiments")
  func coverage() {
    var generator = SeededGenerator(seed: 8)
    let held = (0..<400).count { experiment in
      let values = (0..<60).map { _ in generator.unit() }
      let interval = bootstrapInterval(count: 60, resamples: 300, seed: UInt64(experiment), confidence: 0.9) {
        $0.reduce(0) { $0 + values[$1] } / 60
      }
      return interval.map { $0.lower <= 0.5 && 0.5 <= $0.upper } ?? false
    }
    // Four standard deviations of a binomial count around 360.
    #expect((336...384).contains(held), "\(held) of 400")
  }

  @Test("seed and count decide the samples, the statistic does not")
  func deterministic() {
    var first: [[Int]] = []
    var second: [[Int]] = []
    let one = bootstrapInterval(count: 5, resamples: 20, seed: 4) { sample in
      first.append(sample)
      return Double(sample[0])
    }
    _ = bootstrapInterval(count: 5, resamples: 20, seed: 4) { sample in
      second.append(sample)
      return .nan
    }
    #expect(first == second && first.count == 20 && first.joined().allSatisfy((0..<5).contains))
    #expect(one == bootstrapInterval(count: 5, resamples: 20, seed: 4) { Double($0[0]) })
    #expect(one != bootstrapInterval(count: 5, resamples: 20, seed: 5) { Double($0.reduce(0, +)) })
  }

  @Test("no units, or no finite statistic: no interval; samples without one are left out")
  func nothing() {
    #expect(bootstrapInterval(count: 0, resamples: 9, seed: 0) { _ in 1 } == nil)
    #expect(bootstrapInterval(count: 3, resamples: 9, seed: 0) { _ in .nan } == nil)
    let some = bootstrapInterval(count: 2, resamples: 99, seed: 0) { $0[0] == 0 ? .infinity : 1 }
    #expect(some == ConfidenceInterval(lower: 1, upper: 1))
  }
}
