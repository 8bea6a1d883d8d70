import Basics
import Networks

/// A plain GPT in integers as docs/formats/gpt-integer.md writes it down: the oracle of the C engine in firmware/gpt.
public struct GPTIntegerEngine: LogitSource, Sendable {
  public let contextLength: Int
  public let logitKind: LogitKind
  private let model: GPTIntegerModel
  /// The bytes that the window holds, at most T.
  private var window: [UInt8] = []
  /// By layer, a row of d a position.
  private var keys: [[[Int32]]] = []
  private var values: [[[Int32]]] = []

  public init(model: GPTIntegerModel) {
    self.model = model
    contextLength = model.shape.contextLength
    logitKind = .integer(scale: Double(model.logitScale))
    reset()
  }

  /// Greedy whatever is asked for: a baseline's engine draws nothing.
  public func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler {
    sampling.map { SeededSampler($0, stream: stream) } ?? GreedySampler()
  }

  public mutating func reset() {
    window = []
    keys = Array(repeating: [], count: model.shape.layerCount)
    values = keys
  }

  public mutating func step(_ byte: UInt8) -> [Float] { integerStep(byte).map(Float.init) }

  /// Reads one token and returns the 256 integer logits of the one that follows. A full window begins anew with the
  /// younger half of its tokens.
  public mutating func integerStep(_ token: UInt8) -> [Int32] {
    if window.count == contextLength {
      let younger = window.suffix(contextLength / 2)
      reset()
      for earlier in younger { _ = advance(earlier) }
    }
    let normal = norm(advance(token), model.finalNorm)
    return scaled(model.output.sums(normal), model.output, model.logits)
  }

  /// The stream after the last block.
  private mutating func advance(_ token: UInt8) -> [Int32] {
    let position = window.count
    window.append(token)
    var stream = zip(model.embedding.row(Int(token)), model.positions.row(position)).map {
      ($0.roundedShift(model.embeddingShift) + $1).clamped(toBits: IntegerBounds.streamBitCount)
    }
    for (index, layer) in model.layers.enumerated() {
      let mixed = attention(norm(stream, layer.attentionNorm), layer, index)
      add(scaled(layer.output.sums(mixed), layer.output, layer.scalings[3]), to: &stream)
      let input = norm(stream, layer.feedForwardNorm)
      let hidden = scaled(layer.feedForwardInput.sums(input), layer.feedForwardInput, layer.scalings[4])
      let activated = hidden.map { Int32(model.gelu[Int($0.clamped(toBits: 8)) + 128]) }
      let output = layer.feedForwardOutput
      add(scaled(output.sums(activated), output, layer.scalings[5]), to: &stream)
    }
    return stream
  }

  private func add(_ numbers: [Int32], to stream: inout [Int32]) {
    for (c, number) in numbers.enumerated() {
      stream[c] = (stream[c] + number).clamped(toBits: IntegerBounds.streamBitCount)
    }
  }

  /// Sums in another unit, by their rows' multipliers.
  private func scaled(_ sums: [Int32], _ matrix: GPTIntegerMatrix, _ scaling: RowScaling) -> [Int32] {
    zip(sums, matrix.multipliers).map { sum, multiplier in
      ((sum >> scaling.pre) * Int32(multiplier)).roundedShift(scaling.shift)
    }
  }
}

// MARK: - Attention

extension GPTIntegerEngine {
  private mutating func attention(_ normal: [Int32], _ layer: GPTIntegerLayer, _ index: Int) -> [Int32] {
    let d = model.shape.modelWidth
    let sums = layer.projection.sums(normal)
    func part(_ number: Int, bits: Int) -> [Int32] {
      let rows = number * d..<(number + 1) * d
      return zip(sums[rows], layer.projection.multipliers[rows]).map { sum, multiplier in
        ((sum >> layer.scalings[number].pre) * Int32(multiplier)).roundedShift(layer.scalings[number].shift)
          .clamped(toBits: bits)
      }
    }
    let query = part(0, bits: IntegerBounds.queryBitCount)
    keys[index].append(part(1, bits: 8))
    values[index].append(part(2, bits: 8))
    return (0..<model.shape.headCount).flatMap { head in
      answer(query, index, layer.attention, head * model.shape.headWidth..<(head + 1) * model.shape.headWidth)
    }
  }

  /// One head: the mean of all values so far, weighted by how well their keys fit the query.
  private func answer(
    _ query: [Int32], _ index: Int, _ numbers: GPTIntegerAttention, _ columns: Range<Int>
  ) -> [Int32] {
    let scores = keys[index].map { key in columns.reduce(Int32(0)) { $0 + query[$1] * key[$1] } }
    let largest = scores.max() ?? 0
    let weights = scores.map { score in
      let octaves = (min(UInt32(largest - score), numbers.limit) * UInt32(numbers.multiplier)) >> numbers.shift
      return Int32(Self.powers[Int(octaves & 63)] >> (octaves >> 6))
    }
    let weightSum = weights.reduce(0, +)
    // The sum of weights in 2^14 ..< 2^15.
    let excess = Int32(17 - weightSum.leadingZeroBitCount)
    let factor = (Int32(numbers.mixGain) << 14) / (weightSum >> excess)
    return columns.map { column in
      let sum = zip(weights, values[index]).reduce(Int32(0)) { $0 + $1.0 * $1.1[column] }
      return ((sum >> (excess + 6)) * factor).roundedShift(numbers.mixShift).clamped(toBits: 8)
    }
  }

  /// round(2^14 2^(-i / 64)), as the page lists them.
  private static let powers: [UInt32] = [
    16384, 16208, 16033, 15860, 15689, 15520, 15353, 15188, 15024, 14862, 14702, 14544,
    14387, 14232, 14079, 13927, 13777, 13629, 13482, 13337, 13193, 13051, 12910, 12771,
    12634, 12498, 12363, 12230, 12098, 11968, 11839, 11711, 11585, 11460, 11337, 11215,
    11094, 10975, 10856, 10739, 10624, 10509, 10396, 10284, 10173, 10064, 9955, 9848,
    9742, 9637, 9533, 9431, 9329, 9228, 9129, 9031, 8933, 8837, 8742, 8648,
    8555, 8463, 8371, 8281,
  ]
}

// MARK: - Numbers

/// Layer norm with gains and biases of 8 bits.
private func norm(_ stream: [Int32], _ norm: GPTIntegerNorm) -> [Int32] {
  standardised(stream, inputShift: norm.inputShift, epsilon: norm.epsilon).enumerated().map { c, z in
    (z * Int32(norm.gain[c]) + Int32(norm.bias[c]) << norm.biasShift).roundedShift(norm.outputShift)
      .clamped(toBits: IntegerBounds.normBitCount)
  }
}

extension GPTIntegerMatrix {
  fileprivate func sums(_ x: [Int32]) -> [Int32] {
    codes.withUnsafeBufferPointer { codes in
      x.withUnsafeBufferPointer { x in
        (0..<rowCount).map { row in
          var sum: Int32 = 0
          for column in 0..<columnCount { sum &+= Int32(codes[row * columnCount + column]) &* x[column] }
          return sum
        }
      }
    }
  }

  /// A table's row, in the stream's unit.
  fileprivate func row(_ index: Int) -> [Int32] {
    codes[index * columnCount..<(index + 1) * columnCount].map { Int32($0) * Int32(multipliers[index]) }
  }
}
