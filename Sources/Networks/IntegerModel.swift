/// A model for the all-integer engine: what an ATOMEQ01 image stores. The meaning of every number is specified in
/// docs/integer.md.
public struct IntegerModel: Hashable, Sendable {
  public var shape: AtomeShape
  public var cache: CacheWidth
  /// E: the residual stream after the embedding is ±E or 0.
  public var embeddingMagnitude: Int32
  /// (V, d), row-major trits.
  public var embedding: [Int8]
  public var layers: [IntegerLayer]
  public var finalNorm: IntegerNorm
  /// (V, d), row-major trits.
  public var unembedding: [Int8]
  /// What a logit of 1 means, as a real number.
  public var logitScale: Float
  /// Turns a difference of logits into 1/2048 octaves, for sampling.
  public var logitRate: LogitRate

  public init(
    shape: AtomeShape, cache: CacheWidth, embeddingMagnitude: Int32, embedding: [Int8], layers: [IntegerLayer],
    finalNorm: IntegerNorm, unembedding: [Int8], logitScale: Float, logitRate: LogitRate
  ) {
    self.shape = shape
    self.cache = cache
    self.embeddingMagnitude = embeddingMagnitude
    self.embedding = embedding
    self.layers = layers
    self.finalNorm = finalNorm
    self.unembedding = unembedding
    self.logitScale = logitScale
    self.logitRate = logitRate
  }
}

/// How wide a remembered key or value is.
public enum CacheWidth: Int, Hashable, Sendable, CaseIterable {
  case int8 = 8
  case int16 = 16

  /// Bits that keys use, sign included: 12 of an int16, so that a score's sum stays inside 32.
  public var keyBitCount: Int { self == .int8 ? 8 : 12 }
  public var valueBitCount: Int { rawValue }
  public var byteCount: Int { rawValue / 8 }
}

/// One block's integers.
public struct IntegerLayer: Hashable, Sendable {
  public var norm: IntegerNorm
  /// (d, K), row-major trits; tap 0 is the current position.
  public var convolution: [Int8]
  /// (2h + d + 3, d), row-major trits: query, key, value and router, one below the other.
  public var projection: [Int8]
  public var query: Requantisation
  public var key: Requantisation
  public var value: Requantisation
  /// Turns a difference of router sums into octaves.
  public var routerRate: OctaveRate
  /// Turns a difference of scores into octaves.
  public var scoreRate: OctaveRate
  /// What a unit of each pathway adds to the stream, in units of 2^-mixShift.
  public var localGain: Int32
  public var valueGain: Int32
  /// Right shift of a value's weight.
  public var valueShift: Int32
  public var mixShift: Int32
  /// The state's coefficients, d each, in units of 2^-15; the output gain is in the pathways' unit.
  public var decay: [Int16]
  public var inputGain: [Int16]
  public var outputGain: [Int16]

  public init(
    norm: IntegerNorm, convolution: [Int8], projection: [Int8], query: Requantisation, key: Requantisation,
    value: Requantisation, routerRate: OctaveRate, scoreRate: OctaveRate, localGain: Int32, valueGain: Int32,
    valueShift: Int32, mixShift: Int32, decay: [Int16], inputGain: [Int16], outputGain: [Int16]
  ) {
    self.norm = norm
    self.convolution = convolution
    self.projection = projection
    self.query = query
    self.key = key
    self.value = value
    self.routerRate = routerRate
    self.scoreRate = scoreRate
    self.localGain = localGain
    self.valueGain = valueGain
    self.valueShift = valueShift
    self.mixShift = mixShift
    self.decay = decay
    self.inputGain = inputGain
    self.outputGain = outputGain
  }
}

/// A layer norm: what goes in is shifted to 16 bits, what comes out has 13.
public struct IntegerNorm: Hashable, Sendable {
  /// Right shift of the stream, 0…16.
  public var inputShift: Int32
  /// Added to the sum of squares; at least 1.
  public var epsilon: UInt32
  /// Right shift of the result, 0…31.
  public var outputShift: Int32
  /// d each; |gain| ≤ 2^13, |bias| ≤ 2^29.
  public var gain: [Int16]
  public var bias: [Int32]

  public init(inputShift: Int32, epsilon: UInt32, outputShift: Int32, gain: [Int16], bias: [Int32]) {
    self.inputShift = inputShift
    self.epsilon = epsilon
    self.outputShift = outputShift
    self.gain = gain
    self.bias = bias
  }
}

/// `(sum * multiplier + rounding) >> shift`.
public struct Requantisation: Hashable, Sendable {
  public var multiplier: Int32
  public var shift: Int32

  public init(multiplier: Int32, shift: Int32) {
    self.multiplier = multiplier
    self.shift = shift
  }
}

/// `multiplier / 2^shift` 1/2048 octaves in a logit of 1; multiplier below 2^16, shift 8…31.
public struct LogitRate: Hashable, Sendable {
  public var multiplier: UInt32
  public var shift: UInt32

  public init(multiplier: UInt32, shift: UInt32) {
    self.multiplier = multiplier
    self.shift = shift
  }
}

/// Turns a distance from the largest of some numbers into 1/2048 octaves:
/// `((min(distance, limit) >> preShift) * multiplier) >> shift`.
public struct OctaveRate: Hashable, Sendable {
  public var limit: UInt32
  public var preShift: UInt32
  public var multiplier: UInt32
  public var shift: UInt32

  public init(limit: UInt32, preShift: UInt32, multiplier: UInt32, shift: UInt32) {
    self.limit = limit
    self.preShift = preShift
    self.multiplier = multiplier
    self.shift = shift
  }
}
