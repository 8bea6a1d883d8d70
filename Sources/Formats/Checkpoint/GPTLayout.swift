import Networks

/// Where each tensor of a plain GPT lies in one flat vector of parameters. Matrices are (outputs, inputs).
public struct GPTLayout: NetworkLayout {
  /// The tensors of one block.
  public struct Layer: Hashable, Sendable {
    public let attentionGamma, attentionBeta, query, key, value, output: ParameterTensor
    public let feedForwardGamma, feedForwardBeta, feedForwardInput, feedForwardOutput: ParameterTensor

    public var tensors: [ParameterTensor] {
      [
        attentionGamma, attentionBeta, query, key, value, output, feedForwardGamma, feedForwardBeta,
        feedForwardInput, feedForwardOutput,
      ]
    }
  }

  public let shape: GPTShape
  public let embedding: ParameterTensor
  public let positions: ParameterTensor
  public let layers: [Layer]
  public let finalGamma: ParameterTensor
  public let finalBeta: ParameterTensor
  /// The embedding where the shape is tied.
  public let unembedding: ParameterTensor

  public init(_ shape: GPTShape) {
    var cursor = ParameterCursor()
    let d = shape.modelWidth
    self.shape = shape
    embedding = cursor.take("embedding", GPTShape.vocabularySize, d)
    positions = cursor.take("positions", shape.contextLength, d)
    layers = (0..<shape.layerCount).map { Layer(shape, "layers.\($0).", &cursor) }
    finalGamma = cursor.take("final.gamma", 1, d, start: .constant(1))
    finalBeta = cursor.take("final.beta", 1, d)
    unembedding = shape.isTied ? embedding : cursor.take("unembedding", GPTShape.vocabularySize, d)
  }

  public var count: Int { shape.parameterCount }

  public var tensors: [ParameterTensor] {
    [embedding, positions] + layers.flatMap(\.tensors) + [finalGamma, finalBeta]
      + (shape.isTied ? [] : [unembedding])
  }
}

extension GPTLayout.Layer {
  init(_ shape: GPTShape, _ prefix: String, _ cursor: inout ParameterCursor) {
    let (d, f) = (shape.modelWidth, shape.feedForwardWidth)
    func matrix(_ name: String, _ rows: Int, _ columns: Int) -> ParameterTensor {
      cursor.take(prefix + name, rows, columns, isHidden: true, start: .normal(fanIn: columns))
    }
    attentionGamma = cursor.take(prefix + "attention.gamma", 1, d, start: .constant(1))
    attentionBeta = cursor.take(prefix + "attention.beta", 1, d)
    query = matrix("attention.query", d, d)
    key = matrix("attention.key", d, d)
    value = matrix("attention.value", d, d)
    output = matrix("attention.output", d, d)
    feedForwardGamma = cursor.take(prefix + "feed_forward.gamma", 1, d, start: .constant(1))
    feedForwardBeta = cursor.take(prefix + "feed_forward.beta", 1, d)
    feedForwardInput = matrix("feed_forward.input", f, d)
    feedForwardOutput = matrix("feed_forward.output", d, f)
  }
}
