import Basics
import Networks

extension RandomModel {
  /// An integer model of any shape, from a seed: numbers anywhere inside the format's limits, so that sums come near
  /// theirs too.
  public static func makeInteger(seed: UInt64, shape: AtomeShape, cache: CacheWidth) -> IntegerModel {
    var random = IntegerParts(shape: shape, cache: cache, generator: SeededGenerator(seed: seed))
    let d = shape.modelWidth
    return IntegerModel(
      shape: shape, cache: cache, embeddingMagnitude: Int32(1 + random.below(1 << 22)),
      embedding: random.trits(256 * d), layers: (0..<shape.layerCount).map { _ in random.layer() },
      finalNorm: random.norm(), unembedding: random.trits(256 * d), logitScale: 0.001,
      logitRate: LogitRate(multiplier: 48_409, shift: 14))
  }
}

private struct IntegerParts {
  var shape: AtomeShape
  var cache: CacheWidth
  var generator: SeededGenerator

  mutating func below(_ bound: Int) -> Int { generator.below(bound) }

  mutating func trits(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(below(3) - 1) } }

  mutating func norm() -> IntegerNorm {
    IntegerNorm(
      inputShift: Int32(below(9)), epsilon: UInt32(1 + below(1 << 20)), outputShift: Int32(20 + below(4)),
      gain: (0..<shape.modelWidth).map { _ in Int16(below(16_385) - 8192) },
      bias: (0..<shape.modelWidth).map { _ in Int32(below(1 << 26) - 1 << 25) })
  }

  mutating func layer() -> IntegerLayer {
    let d = shape.modelWidth
    let rows = 2 * shape.headWidth + d + 3
    return IntegerLayer(
      norm: norm(), convolution: trits(d * shape.kernelSize), projection: trits(rows * d), query: requantisation(8),
      key: requantisation(cache == .int8 ? 12 : 8), value: requantisation(cache == .int8 ? 11 : 4),
      routerRate: rate(), scoreRate: rate(), localGain: Int32(below(32_768)),
      valueGain: Int32(below(32_768)), valueShift: cache == .int8 ? 10 : 17, mixShift: Int32(below(21)),
      decay: int16s(), inputGain: int16s(), outputGain: int16s())
  }

  private mutating func int16s() -> [Int16] {
    (0..<shape.modelWidth).map { _ in Int16(truncatingIfNeeded: below(65_536)) }
  }

  /// Such that usual sums fill the range that a shift leaves.
  private mutating func requantisation(_ shift: Int) -> Requantisation {
    Requantisation(multiplier: Int32(1 + below(min(8000, (1 << 23) / shape.modelWidth))), shift: Int32(shift))
  }

  private mutating func rate() -> OctaveRate {
    let preShift = below(8)
    return OctaveRate(
      limit: UInt32(below(1 << 16) << preShift), preShift: UInt32(preShift), multiplier: UInt32(below(1 << 16)),
      shift: UInt32(below(20)))
  }
}
