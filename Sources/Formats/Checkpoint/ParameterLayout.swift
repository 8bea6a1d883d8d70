import Lineage

/// Where each tensor of an atome model lies in one flat vector of parameters: the order of the ATOME01 file, which is
/// also the order of a checkpoint.
public struct ParameterLayout: Hashable, Sendable {
  /// One tensor's name, size and place.
  public struct Tensor: Hashable, Sendable {
    public let name: String
    public let rowCount: Int
    public let columnCount: Int
    /// Its first element's index in the flat vector; rows follow each other.
    public let offset: Int
    /// Whether the model computes with its trits rather than with its float values.
    public let isTernary: Bool

    public var count: Int { rowCount * columnCount }
    public var range: Range<Int> { offset..<offset + count }
  }

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

  public init(_ shape: AtomeShape) {
    var cursor = Cursor()
    let d = shape.modelWidth
    self.shape = shape
    embedding = cursor.take("embedding", AtomeShape.vocabularySize, d, isTernary: true)
    layers = (0..<shape.layerCount).map { Layer(shape, "layers.\($0).", &cursor) }
    finalGamma = cursor.take("final.gamma", 1, d)
    finalBeta = cursor.take("final.beta", 1, d)
    unembedding = cursor.take("unembedding", AtomeShape.vocabularySize, d, isTernary: true)
  }

  /// How many parameters there are.
  public var count: Int { unembedding.range.upperBound }

  /// All tensors in ascending order of their offsets; they leave no gaps.
  public var tensors: [Tensor] {
    [embedding] + layers.flatMap(\.tensors) + [finalGamma, finalBeta, unembedding]
  }

  struct Cursor {
    var offset = 0

    mutating func take(_ name: String, _ rows: Int, _ columns: Int, isTernary: Bool = false) -> Tensor {
      defer { offset += rows * columns }
      return Tensor(name: name, rowCount: rows, columnCount: columns, offset: offset, isTernary: isTernary)
    }
  }
}

extension ParameterLayout.Layer {
  init(_ shape: AtomeShape, _ prefix: String, _ cursor: inout ParameterLayout.Cursor) {
    let (d, h) = (shape.modelWidth, shape.headWidth)
    gamma = cursor.take(prefix + "gamma", 1, d)
    beta = cursor.take(prefix + "beta", 1, d)
    convolution = cursor.take(prefix + "convolution", d, shape.kernelSize, isTernary: true)
    decay = cursor.take(prefix + "decay", 1, d)
    inputGain = cursor.take(prefix + "input_gain", 1, d)
    outputGain = cursor.take(prefix + "output_gain", 1, d)
    query = cursor.take(prefix + "query", h, d, isTernary: true)
    key = cursor.take(prefix + "key", h, d, isTernary: true)
    value = cursor.take(prefix + "value", d, d, isTernary: true)
    router = cursor.take(prefix + "router", 3, d, isTernary: true)
    tensors = [gamma, beta, convolution, decay, inputGain, outputGain, query, key, value, router]
  }
}
