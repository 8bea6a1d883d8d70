import Basics
import Networks

extension RandomModel {
  /// A plain GPT in integers of any shape, from a seed: numbers inside the format's limits, so that usual sums fill the
  /// range that a shift leaves.
  public static func makeIntegerGPT(seed: UInt64, shape: GPTShape, width: GPTWeightWidth) -> GPTIntegerModel {
    var random = GPTParts(shape: shape, width: width, generator: SeededGenerator(seed: seed))
    let d = shape.modelWidth
    return GPTIntegerModel(
      shape: shape, width: width, gelu: (0..<256).map { _ in random.byte() },
      embedding: shape.isTied ? random.matrix(256, d) : random.table(256),
      positions: random.table(shape.contextLength), layers: (0..<shape.layerCount).map { _ in random.layer() },
      finalNorm: random.norm(), unembedding: shape.isTied ? nil : random.matrix(256, d),
      embeddingShift: shape.isTied ? Int32(random.below(4)) : 0, logits: random.scaling(d, shift: 8),
      logitScale: 0.001)
  }
}

private struct GPTParts {
  var shape: GPTShape
  var width: GPTWeightWidth
  var generator: SeededGenerator

  mutating func below(_ bound: Int) -> Int { generator.below(bound) }

  mutating func byte() -> Int8 { Int8(below(256) - 128) }

  mutating func codes(_ count: Int) -> [Int8] {
    (0..<count).map { _ in width == .four ? Int8(below(16) - 8) : byte() }
  }

  mutating func table(_ rows: Int) -> GPTIntegerMatrix {
    GPTIntegerMatrix(
      columnCount: shape.modelWidth, multipliers: (0..<rows).map { _ in UInt16(below(65_536)) },
      codes: codes(rows * shape.modelWidth))
  }

  private func bound(_ columns: Int) -> Int { columns << (width == .four ? 10 : 14) }

  private func preShift(_ columns: Int) -> Int {
    var pre = 0
    while bound(columns) >> pre >= 1 << 15 { pre += 1 }
    return pre
  }

  mutating func matrix(_ rows: Int, _ columns: Int) -> GPTIntegerMatrix {
    let limit = min(65_535, (1 << 30) / (bound(columns) >> preShift(columns) + 1))
    return GPTIntegerMatrix(
      columnCount: columns, multipliers: (0..<rows).map { _ in UInt16(below(limit + 1)) },
      codes: codes(rows * columns))
  }

  mutating func scaling(_ columns: Int, shift: Int) -> RowScaling {
    RowScaling(pre: Int32(preShift(columns)), shift: Int32(shift + below(4)))
  }

  mutating func norm() -> GPTIntegerNorm {
    GPTIntegerNorm(
      inputShift: Int32(below(9)), outputShift: Int32(11 + below(4)), biasShift: Int32(below(12)),
      epsilon: UInt32(1 + below(1 << 20)), gain: (0..<shape.modelWidth).map { _ in byte() },
      bias: (0..<shape.modelWidth).map { _ in byte() })
  }

  mutating func layer() -> GPTIntegerLayer {
    let (d, f) = (shape.modelWidth, shape.feedForwardWidth)
    let limit = 1 + below(1 << 18)
    return GPTIntegerLayer(
      attentionNorm: norm(), feedForwardNorm: norm(), projection: matrix(3 * d, d), output: matrix(d, d),
      feedForwardInput: matrix(f, d), feedForwardOutput: matrix(d, f),
      scalings: [
        scaling(d, shift: 15), scaling(d, shift: 18), scaling(d, shift: 18), scaling(d, shift: 6),
        scaling(d, shift: 18), scaling(f, shift: 6),
      ],
      attention: GPTIntegerAttention(
        limit: UInt32(limit), multiplier: UInt16(min(65_535, (1024 << 10) / limit)), shift: 10,
        mixGain: UInt16(below(1 << 14 + 1)), mixShift: Int32(18 + below(5))))
  }
}
