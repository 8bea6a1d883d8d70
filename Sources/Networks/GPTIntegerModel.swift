/// A plain GPT for the all-integer engine: what a GPTINT01 image stores. The meaning of every number is specified in
/// docs/formats/gpt-integer.md.
public struct GPTIntegerModel: Hashable, Sendable {
  /// Its context is the positions that have an embedding, which are those that training read.
  public var shape: GPTShape
  public var width: GPTWeightWidth
  /// Of hidden numbers -128 … 127, in their unit, to activated ones.
  public var gelu: [Int8]
  public var embedding: GPTIntegerMatrix
  public var positions: GPTIntegerMatrix
  public var layers: [GPTIntegerLayer]
  public var finalNorm: GPTIntegerNorm
  /// Nil where the embedding is the only table of tokens.
  public var unembedding: GPTIntegerMatrix?
  /// By how many bits a token's row is shifted to be in the stream's unit; 0 with two tables.
  public var embeddingShift: Int32
  public var logits: RowScaling
  /// What a logit of 1 means, as a real number.
  public var logitScale: Float

  public init(
    shape: GPTShape, width: GPTWeightWidth, gelu: [Int8], embedding: GPTIntegerMatrix, positions: GPTIntegerMatrix,
    layers: [GPTIntegerLayer], finalNorm: GPTIntegerNorm, unembedding: GPTIntegerMatrix?, embeddingShift: Int32 = 0,
    logits: RowScaling, logitScale: Float
  ) {
    precondition(shape.isTied == (unembedding == nil), "tables of another shape")
    self.shape = shape
    self.width = width
    self.gelu = gelu
    self.embedding = embedding
    self.positions = positions
    self.layers = layers
    self.finalNorm = finalNorm
    self.unembedding = unembedding
    self.embeddingShift = embeddingShift
    self.logits = logits
    self.logitScale = logitScale
  }

  /// The rows that logits come from.
  public var output: GPTIntegerMatrix { unembedding ?? embedding }
}

/// Bits of a weight.
public enum GPTWeightWidth: Int, Hashable, Sendable, CaseIterable {
  case four = 4
  case eight = 8

  /// Codes are from -levels to levels.
  public var levels: Int { self == .four ? 7 : 127 }
}

/// How a row's sum becomes another unit: ((sum >> pre) * multiplier + half) >> shift, each row with a multiplier.
public struct RowScaling: Hashable, Sendable {
  public var pre: Int32
  public var shift: Int32

  public init(pre: Int32, shift: Int32) {
    self.pre = pre
    self.shift = shift
  }
}

/// A matrix of codes, and a multiplier for each row.
public struct GPTIntegerMatrix: Hashable, Sendable {
  public var columnCount: Int
  public var multipliers: [UInt16]
  /// Row-major.
  public var codes: [Int8]

  public init(columnCount: Int, multipliers: [UInt16], codes: [Int8]) {
    precondition(codes.count == multipliers.count * columnCount, "codes of another size")
    self.columnCount = columnCount
    self.multipliers = multipliers
    self.codes = codes
  }

  public var rowCount: Int { multipliers.count }
}

/// Layer norm in integers, with gains and biases of 8 bits.
public struct GPTIntegerNorm: Hashable, Sendable {
  public var inputShift: Int32
  public var outputShift: Int32
  public var biasShift: Int32
  public var epsilon: UInt32
  public var gain: [Int8]
  public var bias: [Int8]

  public init(
    inputShift: Int32, outputShift: Int32, biasShift: Int32, epsilon: UInt32, gain: [Int8], bias: [Int8]
  ) {
    self.inputShift = inputShift
    self.outputShift = outputShift
    self.biasShift = biasShift
    self.epsilon = epsilon
    self.gain = gain
    self.bias = bias
  }
}

/// What turns scores into weights, and weighted sums into numbers of 8 bits.
public struct GPTIntegerAttention: Hashable, Sendable {
  /// 1/64 octaves of a distance: (min(distance, limit) * multiplier) >> shift.
  public var limit: UInt32
  public var multiplier: UInt16
  public var shift: UInt32
  public var mixGain: UInt16
  public var mixShift: Int32

  public init(limit: UInt32, multiplier: UInt16, shift: UInt32, mixGain: UInt16, mixShift: Int32) {
    self.limit = limit
    self.multiplier = multiplier
    self.shift = shift
    self.mixGain = mixGain
    self.mixShift = mixShift
  }
}

/// One block.
public struct GPTIntegerLayer: Hashable, Sendable {
  public var attentionNorm: GPTIntegerNorm
  public var feedForwardNorm: GPTIntegerNorm
  /// (3 d, d): query, key, value.
  public var projection: GPTIntegerMatrix
  public var output: GPTIntegerMatrix
  public var feedForwardInput: GPTIntegerMatrix
  public var feedForwardOutput: GPTIntegerMatrix
  /// Of query, key, value, and of the three matrices in their order.
  public var scalings: [RowScaling]
  public var attention: GPTIntegerAttention

  public init(
    attentionNorm: GPTIntegerNorm, feedForwardNorm: GPTIntegerNorm, projection: GPTIntegerMatrix,
    output: GPTIntegerMatrix, feedForwardInput: GPTIntegerMatrix, feedForwardOutput: GPTIntegerMatrix,
    scalings: [RowScaling], attention: GPTIntegerAttention
  ) {
    precondition(scalings.count == 6, "a layer has six scalings")
    self.attentionNorm = attentionNorm
    self.feedForwardNorm = feedForwardNorm
    self.projection = projection
    self.output = output
    self.feedForwardInput = feedForwardInput
    self.feedForwardOutput = feedForwardOutput
    self.scalings = scalings
    self.attention = attention
  }
}
