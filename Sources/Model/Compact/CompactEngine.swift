import Basics
import Formats
import Kernels
import Networks

/// A compact student token by token: what `CompactGraph` computes for a whole window, in float32 and no contract of
/// bits. The integer engines' reference is `CompactIntegerEngine`.
public struct CompactEngine: JointLogitSource, Sendable {
  public let contextLength: Int
  private let shape: CompactShape
  private let table: [Float]
  private let blocks: [Block]
  private let finalGain: [Float]
  /// By block of each pass: s, m numbers.
  private var states: [[Float]] = []
  /// What the last step computed.
  package private(set) var activations = CompactActivations()

  /// Matrices are (outputs, inputs).
  private struct Block {
    let stateGain, writeGate, gateBias, value, readGate, output, feedForwardGain, hidden, down: [Float]
  }

  /// - Parameters:
  ///   - parameters: in the layout of the shape; matrices are rounded to 4 bits here, as training does.
  ///   - contextLength: nothing depends on it.
  /// - Throws: `HintedError` for a shape outside its limits, or parameters of another.
  public init(shape: CompactShape, parameters: [Float], contextLength: Int) throws {
    try shape.validate()
    let layout = CompactLayout(shape)
    guard parameters.count == layout.count else {
      throw HintedError("\(parameters.count) parameters; the shape \(shape) has \(layout.count)")
    }
    func tensor(_ tensor: ParameterTensor) -> [Float] {
      let values = parameters[tensor.range]
      guard tensor.rowCount > 1 else { return Array(values) }
      let rounded = RowCodes(
        rounding: values, columnCount: tensor.columnCount, levels: CompactShape.weightLevels)
      return rounded.values
    }
    self.shape = shape
    self.contextLength = contextLength
    table = tensor(layout.table)
    blocks = layout.layers.map {
      Block(
        stateGain: tensor($0.stateGain), writeGate: tensor($0.writeGate), gateBias: tensor($0.gateBias),
        value: tensor($0.value), readGate: tensor($0.readGate), output: tensor($0.output),
        feedForwardGain: tensor($0.feedForwardGain), hidden: tensor($0.hidden), down: tensor($0.down))
    }
    finalGain = tensor(layout.finalGain)
    reset()
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler {
    sampling.map { SeededSampler($0, stream: stream) } ?? GreedySampler()
  }

  public mutating func reset() {
    states = Array(repeating: [Float](repeating: 0, count: shape.stateWidth), count: shape.depth)
  }

  public mutating func step(_ token: UInt8) -> [Float] { step(together: [token]) }

  public mutating func step(together tokens: [UInt8]) -> [Float] {
    let d = shape.modelWidth
    activations = CompactActivations()
    var x = [Float](repeating: 0, count: d)
    for token in tokens { accumulate(Array(table[Int(token) * d..<(Int(token) + 1) * d]), into: &x) }
    for index in 0..<shape.depth {
      let block = blocks[index % blocks.count]
      accumulate(product(block.output, read(norm(x, block.stateGain), block, index)), into: &x)
      let hidden = product(block.hidden, norm(x, block.feedForwardGain)).map { max($0, 0) * max($0, 0) }
      activations.squares.append(hidden)
      accumulate(product(block.down, hidden), into: &x)
    }
    return product(table, norm(x, finalGain))
  }

  private mutating func norm(_ x: [Float], _ gain: [Float]) -> [Float] {
    let square = x.reduce(0) { $0 + $1 * $1 } / Float(x.count)
    let inverse = 1 / (square + 1e-5).squareRoot()
    let y = zip(x, gain).map { $0 * inverse * $1 }
    activations.streams.append(x)
    activations.normed.append(y)
    return y
  }

  /// Moves a block's state, and returns what is read of it.
  private mutating func read(_ n: [Float], _ block: Block, _ index: Int) -> [Float] {
    func sigmoid(_ x: Float) -> Float { 1 / (1 + Float.exponential(-x)) }
    let writeGates = zip(product(block.writeGate, n), block.gateBias).map { sigmoid($0 + $1) }
    let (values, readGates) = (product(block.value, n), product(block.readGate, n).map(sigmoid))
    let channels = shape.stateWidth / shape.gateCount
    for i in values.indices { states[index][i] += writeGates[i / channels] * (values[i] - states[index][i]) }
    let read = zip(states[index], readGates).map { $0 * $1 }
    activations.values.append(values)
    activations.read.append(read)
    return read
  }
}

/// What one step of a compact student computed, in the order in which it did: what units of integers are chosen by.
package struct CompactActivations: Sendable {
  /// Each norm's input and output: of block after block of each pass state, feed-forward; then the final one.
  package var streams: [[Float]] = []
  package var normed: [[Float]] = []
  /// By block of each pass: values, what is read of the state, and squared hidden numbers.
  package var values: [[Float]] = []
  package var read: [[Float]] = []
  package var squares: [[Float]] = []
}
