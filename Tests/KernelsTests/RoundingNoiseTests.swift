import Kernels
import Testing

@Suite("Noise for rounding")
struct RoundingNoiseTests {
  private let noise = RoundingNoise(width: 1, seed: 9, step: 5)

  @Test func itIsUniform() {
    var counts = [Int](repeating: 0, count: 10)
    for index in 0..<20_000 {
      let value = noise.value(at: index)
      #expect(value >= -0.5 && value < 0.5)
      counts[min(Int((value + 0.5) * 10), 9)] += 1
    }
    // 2000 expected with a deviation of 42.
    #expect(counts.allSatisfy { abs($0 - 2000) < 250 })
  }

  @Test("Of width 1 it rounds right on average", arguments: [0.1, 0.37, 0.5, 0.8] as [Float])
  func unbiased(weight: Float) {
    let sum = (0..<20_000).reduce(Float(0)) { $0 + (weight + noise.value(at: $1)).rounded(.toNearestOrEven) }
    #expect(abs(sum / 20_000 - weight) < 0.02)
  }

  @Test("An element's noise depends on the seed, the step and its number, and neighbours are not alike")
  func independence() {
    let others = [
      RoundingNoise(width: 1, seed: 10, step: 5), RoundingNoise(width: 1, seed: 9, step: 6), noise.dropping(1),
    ]
    for other in others {
      let product = (0..<20_000).reduce(Float(0)) { $0 + noise.value(at: $1) * other.value(at: $1) } / 20_000
      #expect(abs(product) < 0.004)  // the variance is 1 / 12; the mean of products has a deviation of 0.0006
    }
    #expect(noise.dropping(7).value(at: 3) == noise.value(at: 10))
    #expect(RoundingNoise(width: 0.25, key: noise.key).value(at: 3) == noise.value(at: 3) / 4)
  }
}
