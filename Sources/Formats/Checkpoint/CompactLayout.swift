import Networks

/// Where each tensor of a compact student lies in one flat vector of parameters. Matrices are (outputs, inputs); those
/// of more than one row are computed with in 4 bits.
public struct CompactLayout: NetworkLayout {
  /// The tensors of one block.
  public struct Layer: Hashable, Sendable {
    public let stateGain, writeGate, value, readGate, gateBias, output: ParameterTensor
    public let feedForwardGain, hidden, down: ParameterTensor

    /// In ascending order of their offsets.
    public var tensors: [ParameterTensor] {
      [stateGain, writeGate, value, readGate, gateBias, output, feedForwardGain, hidden, down]
    }
  }

  public let shape: CompactShape
  /// (V, d): a token's embedding, and the row that its logit comes from.
  public let table: ParameterTensor
  public let layers: [Layer]
  public let finalGain: ParameterTensor

  public init(_ shape: CompactShape) {
    var cursor = ParameterCursor()
    self.shape = shape
    table = cursor.take("table", CompactShape.vocabularySize, shape.modelWidth)
    layers = (0..<shape.layerCount).map { Layer(shape, "layers.\($0).", &cursor) }
    finalGain = cursor.take("final.gain", 1, shape.modelWidth, start: .constant(1))
  }

  public var count: Int { finalGain.range.upperBound }

  public var sharingTable: ParameterTensor? { table }

  public var tensors: [ParameterTensor] { [table] + layers.flatMap(\.tensors) + [finalGain] }
}

extension CompactLayout.Layer {
  /// Gates start open to different degrees, so that a block's state begins with memories from one token to a hundred,
  /// as many short as long ones. With few long ones it depends on the seed whether a student learns to carry a word
  /// from the request to the end of its reply: measured in notebooks/LOG.md, 2026-11-30.
  static let leastStart: Float = 0.01
  static let largestStart: Float = 0.9

  init(_ shape: CompactShape, _ prefix: String, _ cursor: inout ParameterCursor) {
    let (d, m, f) = (shape.modelWidth, shape.stateWidth, shape.hiddenWidth)
    func matrix(_ name: String, _ rows: Int, _ columns: Int) -> ParameterTensor {
      cursor.take(prefix + name, rows, columns, isHidden: true, start: .normal(fanIn: columns))
    }
    stateGain = cursor.take(prefix + "state.gain", 1, d, start: .constant(1))
    writeGate = matrix("state.write_gate", shape.gateCount, d)
    value = matrix("state.value", m, d)
    readGate = matrix("state.read_gate", m, d)
    gateBias = cursor.take(
      prefix + "state.gate_bias", 1, shape.gateCount, start: .logits(Self.leastStart, Self.largestStart))
    output = matrix("state.output", d, m)
    feedForwardGain = cursor.take(prefix + "feed_forward.gain", 1, d, start: .constant(1))
    hidden = matrix("feed_forward.hidden", f, d)
    down = matrix("feed_forward.down", d, f)
  }
}
