import Basics
import Networks

/// The compact student as docs/compact.md writes it down: the oracle of the C engine. Every logit is an integer below
/// 2^23, which a float holds exactly.
public struct CompactIntegerEngine: JointLogitSource, Sendable {
  public let shape: CompactShape
  /// Nothing depends on it: a compact student has no window.
  public let contextLength: Int
  public let logitKind: LogitKind
  private let model: CompactModel
  /// By block of each pass: s, m numbers of 15 bits.
  private var states: [[Int32]]

  /// - Throws: `HintedError` when the context is outside 1…65536, as with every engine.
  public init(model: CompactModel, contextLength: Int) throws {
    try ReferenceEngine.check(contextLength: contextLength)
    self.model = model
    self.contextLength = contextLength
    shape = model.shape
    logitKind = .integer(scale: Double(model.logitScale))
    states = Self.emptyStates(model.shape)
  }

  private static func emptyStates(_ shape: CompactShape) -> [[Int32]] {
    Array(repeating: [Int32](repeating: 0, count: shape.stateWidth), count: shape.depth)
  }

  public mutating func reset() { states = Self.emptyStates(shape) }

  public mutating func step(_ byte: UInt8) -> [Float] { integerStep(byte).map(Float.init) }

  public func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler {
    guard let sampling else { return GreedySampler() }
    return IntegerSampler(sampling, stream: stream, rate: model.logitRate)
  }

  /// Reads one token and returns the 256 integer logits of the token that follows.
  public mutating func integerStep(_ token: UInt8) -> [Int32] { logits(behind: embedding(token)) }

  public mutating func step(together tokens: [UInt8]) -> [Float] {
    var stream = [Int32](repeating: 0, count: shape.modelWidth)
    for token in tokens { add(embedding(token), to: &stream) }
    return logits(behind: stream).map(Float.init)
  }

  private mutating func logits(behind embedding: [Int32]) -> [Int32] {
    var stream = embedding
    for index in 0..<shape.depth {
      let block = model.blocks[index % model.blocks.count]
      add(block.outputMatrix(read(stream, block, index), block.output), to: &stream)
      add(block.downMatrix(hidden(stream, block), block.down), to: &stream)
    }
    let logits = model.table.products(compactNorm(stream, model.finalNorm)).map { $0 >> model.logitShift }
    return model.rows.rows.map { logits[Int($0)] }
  }

  private func embedding(_ token: UInt8) -> [Int32] {
    let d = shape.modelWidth
    let row = Int(model.rows.rows[Int(token)])
    let multiplier = Int32(model.table.multipliers[row])
    return model.table.codes[row * d..<(row + 1) * d].map {
      (Int32($0) * multiplier) << model.embeddingShift
    }
  }

  private func add(_ numbers: [Int32], to stream: inout [Int32]) {
    for c in stream.indices {
      stream[c] = (stream[c] + numbers[c]).clamped(toBits: IntegerBounds.streamBitCount)
    }
  }

  /// Moves a block's state, and returns what is read of it.
  private mutating func read(_ stream: [Int32], _ block: CompactBlock, _ index: Int) -> [Int32] {
    let (g, m) = (shape.gateCount, shape.stateWidth)
    let n = compactNorm(stream, block.stateNorm)
    let writeGates = zip(block.projections(n, block.writeGate, rows: 0..<g), block.bias).map {
      compactGate($0 + Int32($1) << block.biasShift)
    }
    let values = block.projections(n, block.value, rows: g..<g + m).map { $0.clamped(toBits: 15) }
    let readGates = block.projections(n, block.readGate, rows: g + m..<g + 2 * m).map(compactGate)
    return (0..<m).map { i in
      let before = states[index][i]
      let state = before + ((values[i] - before) * writeGates[i / (m / g)]).roundedShift(15)
      states[index][i] = state
      return (state * readGates[i]).roundedShift(block.readShift).clamped(toBits: 8)
    }
  }

  private func hidden(_ stream: [Int32], _ block: CompactBlock) -> [Int32] {
    block.hiddenMatrix(compactNorm(stream, block.feedForwardNorm), block.hidden).map {
      let above = min(max($0, 0), 255)
      return (above * above).roundedShift(9)
    }
  }
}
