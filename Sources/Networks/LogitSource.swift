/// What every engine is to the rest of Alambic: one byte in, 256 logits out, with a state in between.
public protocol LogitSource {
  /// T: how many positions attention sees, the current one included.
  var contextLength: Int { get }
  /// What the logits are: float32 numbers, or integers in a unit of their own.
  var logitKind: LogitKind { get }
  /// Forgets everything that was read.
  mutating func reset()
  /// Reads one byte and returns the 256 logits of the byte that follows.
  mutating func step(_ byte: UInt8) throws -> [Float]
  /// What draws bytes from this engine's logits, in the engine's own language.
  /// - Parameters:
  ///   - sampling: nil for the greedy choice.
  ///   - stream: independent sequences of one seed.
  func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler
}

/// An engine that can read several tokens as one: their embeddings are added up, and one step is taken.
public protocol JointLogitSource: LogitSource {
  /// - Parameter tokens: at least one; of one alone it is `step`.
  mutating func step(together tokens: [UInt8]) throws -> [Float]
}

extension LogitSource {
  public var logitKind: LogitKind { .float }
}

/// What a logit is.
public enum LogitKind: Hashable, Sendable {
  /// A float32 number, in nats.
  case float
  /// An integer below 2^24, which a float32 holds exactly; `scale` nats each.
  case integer(scale: Double)

  /// Nats in a logit of 1.
  public var scale: Double {
    switch self {
    case .float: 1
    case .integer(let scale): scale
    }
  }

  /// The 32 bits that are compared: a float's pattern, or a two's complement integer.
  public func bits(of logit: Float) -> UInt32 {
    switch self {
    case .float: logit.bitPattern
    case .integer: UInt32(bitPattern: Int32(logit))
    }
  }

  /// The logit of such bits.
  public func logit(ofBits bits: UInt32) -> Float {
    switch self {
    case .float: Float(bitPattern: bits)
    case .integer: Float(Int32(bitPattern: bits))
    }
  }
}

/// Greedy decoding: the largest logit; a tie goes to the smaller byte.
public func greedyByte(_ logits: [Float]) -> UInt8 {
  var best = 0
  for byte in 1..<logits.count where logits[byte] > logits[best] { best = byte }
  return UInt8(truncatingIfNeeded: best)
}
