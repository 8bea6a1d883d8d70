import Networks

/// Where each tensor of an atome model lies in one flat vector of parameters: the order of the ATOME01 file, which is
/// also the order of a checkpoint. Last comes what only training needs: one number for each ternary tensor, from which
/// its scale is made.
public struct ParameterLayout: NetworkLayout {
  public typealias Tensor = ParameterTensor

  /// The tensors of one block.
  public struct Layer: Hashable, Sendable {
    public let gamma, beta, convolution, decay, inputGain, outputGain, query, key, value, router: Tensor
    /// All ten in ascending order of their offsets; stored, since a training step walks over them.
    public let tensors: [Tensor]
  }

  public let shape: AtomeShape
  public let embedding: Tensor
  public let layers: [Layer]
  public let finalGamma: Tensor
  public let finalBeta: Tensor
  public let unembedding: Tensor
  /// (1, ternary tensors), in their order: see `TernaryTensor.scaleFactor`. They start at 0, the factor 1.
  public let scales: Tensor

  public init(_ shape: AtomeShape) {
    var cursor = ParameterCursor()
    let d = shape.modelWidth
    self.shape = shape
    embedding = cursor.take("embedding", AtomeShape.vocabularySize, d, isTernary: true)
    layers = (0..<shape.layerCount).map { Layer(shape, "layers.\($0).", &cursor) }
    finalGamma = cursor.take("final.gamma", 1, d, start: .constant(1))
    finalBeta = cursor.take("final.beta", 1, d)
    unembedding = cursor.take("unembedding", AtomeShape.vocabularySize, d, isTernary: true)
    scales = cursor.take("scales", 1, cursor.ternaryCount)
  }

  public var tensors: [Tensor] {
    [embedding] + layers.flatMap(\.tensors) + [finalGamma, finalBeta, unembedding, scales]
  }

  public var count: Int { scales.range.upperBound }

  /// Where the number of a ternary tensor's scale lies in the flat vector; nil for a float tensor.
  public func scaleIndex(of tensor: Tensor) -> Int? { tensor.ternaryNumber.map { scales.offset + $0 } }
}

extension ParameterLayout.Layer {
  /// The decay starts at tanh(1.5) = 0.905. The gains' distribution is read off a published, untrained image
  /// (`atome60k_random`): there b and c_out have mean 0 and deviation 0.125 = 1 / sqrt(64).
  init(_ shape: AtomeShape, _ prefix: String, _ cursor: inout ParameterCursor) {
    let (d, h) = (shape.modelWidth, shape.headWidth)
    gamma = cursor.take(prefix + "gamma", 1, d, start: .constant(1))
    beta = cursor.take(prefix + "beta", 1, d)
    convolution = cursor.take(prefix + "convolution", d, shape.kernelSize, isTernary: true)
    decay = cursor.take(prefix + "decay", 1, d, start: .constant(1.5))
    inputGain = cursor.take(prefix + "input_gain", 1, d, start: .normal(fanIn: d))
    outputGain = cursor.take(prefix + "output_gain", 1, d, start: .normal(fanIn: d))
    query = cursor.take(prefix + "query", h, d, isTernary: true, isHidden: true)
    key = cursor.take(prefix + "key", h, d, isTernary: true, isHidden: true)
    value = cursor.take(prefix + "value", d, d, isTernary: true, isHidden: true)
    router = cursor.take(prefix + "router", 3, d, isTernary: true, isHidden: true)
    tensors = [gamma, beta, convolution, decay, inputGain, outputGain, query, key, value, router]
  }
}
