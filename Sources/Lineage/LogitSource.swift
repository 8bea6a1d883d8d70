/// What every engine is to the rest of Alambic: one byte in, 256 logits out, with a state in between.
public protocol LogitSource {
  /// T: how many positions attention sees, the current one included.
  var contextLength: Int { get }
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

/// Greedy decoding: the largest logit; a tie goes to the smaller byte.
public func greedyByte(_ logits: [Float]) -> UInt8 {
  var best = 0
  for byte in 1..<logits.count where logits[byte] > logits[best] { best = byte }
  return UInt8(truncatingIfNeeded: best)
}
