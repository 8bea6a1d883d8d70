/// A matrix of trits with one scale: the value at (row, column) is `scale * trit`.
public struct TernaryTensor: Hashable, Sendable {
  public var rowCount: Int
  public var columnCount: Int
  public var scale: Float
  /// Row-major (row = output), each -1, 0 or +1.
  public var trits: [Int8]

  public init(rowCount: Int, columnCount: Int, scale: Float, trits: [Int8]) {
    precondition(trits.count == rowCount * columnCount, "a ternary tensor needs rowCount * columnCount trits")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.scale = scale
    self.trits = trits
  }
}

/// One block of the model: its tensors in the order of the file.
public struct AtomeLayer: Hashable, Sendable {
  /// Layer norm, d each.
  public var gamma: [Float]
  public var beta: [Float]
  /// Depthwise causal convolution, (d, K); tap 0 is the current position.
  public var convolution: TernaryTensor
  /// State space: decay before tanh, input gain, output gain; d each.
  public var decay: [Float]
  public var inputGain: [Float]
  public var outputGain: [Float]
  /// Sparse attention: (h, d), (h, d), (d, d).
  public var query: TernaryTensor
  public var key: TernaryTensor
  public var value: TernaryTensor
  /// Router, (3, d): local, state, sparse.
  public var router: TernaryTensor

  public init(
    gamma: [Float], beta: [Float], convolution: TernaryTensor, decay: [Float], inputGain: [Float],
    outputGain: [Float], query: TernaryTensor, key: TernaryTensor, value: TernaryTensor, router: TernaryTensor
  ) {
    self.gamma = gamma
    self.beta = beta
    self.convolution = convolution
    self.decay = decay
    self.inputGain = inputGain
    self.outputGain = outputGain
    self.query = query
    self.key = key
    self.value = value
    self.router = router
  }
}

/// A whole model in memory: what every image format stores and every engine computes.
public struct AtomeModel: Hashable, Sendable {
  public var shape: AtomeShape
  /// (V, d).
  public var embedding: TernaryTensor
  public var layers: [AtomeLayer]
  /// Final layer norm, d each.
  public var finalGamma: [Float]
  public var finalBeta: [Float]
  /// (V, d).
  public var unembedding: TernaryTensor

  public init(
    shape: AtomeShape, embedding: TernaryTensor, layers: [AtomeLayer], finalGamma: [Float], finalBeta: [Float],
    unembedding: TernaryTensor
  ) {
    self.shape = shape
    self.embedding = embedding
    self.layers = layers
    self.finalGamma = finalGamma
    self.finalBeta = finalBeta
    self.unembedding = unembedding
  }
}
