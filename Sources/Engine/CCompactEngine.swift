import Basics
import CAtomeEngine
import Networks

/// The C99 engine of compact students that is flashed, compiled for this machine: the same integer logits as
/// `CompactIntegerEngine`'s.
public final class CCompactEngine: JointLogitSource {
  /// Nothing depends on it: a compact student has no window.
  public let contextLength: Int
  public let logitKind: LogitKind
  /// The RAM that this model needs, on any machine.
  public let memoryByteCount: Int
  private let engine: CStructure<atome_compact_engine>
  /// What `engine` points into.
  private let image: CMemory
  private let memory: CMemory

  /// - Parameters:
  ///   - bytes: an ATOMEQ02 file, copied.
  ///   - logitScale: what a logit of 1 means; the file says it.
  ///   - contextLength: for callers that ask; this engine keeps a state, and no window.
  /// - Throws: `HintedError` for an image that is truncated or corrupt.
  public init(image bytes: [UInt8], logitScale: Double, contextLength: Int) throws {
    let image = try CMemory(copying: bytes)
    var opened = atome_compact_image()
    try CEngine.check(
      atome_compact_open(&opened, image.start.assumingMemoryBound(to: UInt8.self), image.byteCount))
    var byteCount = 0
    try CEngine.check(atome_compact_memory_size(&opened, &byteCount))
    let memory = try CMemory(byteCount: byteCount)
    var engine = atome_compact_engine()
    try CEngine.check(atome_compact_init(&engine, &opened, memory.start, byteCount))
    self.engine = CStructure(engine)
    self.image = image
    self.memory = memory
    self.contextLength = contextLength
    logitKind = .integer(scale: logitScale)
    memoryByteCount = byteCount
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler {
    try CIntegerSampler(sampling, stream: stream) { [self] sampler, logits in
      atome_compact_sample(&sampler, &engine.pointer.pointee.image, logits)
    }
  }

  public func reset() { atome_compact_reset(engine.pointer) }

  /// Reads one token and returns the 256 logits of the token that follows, each an integer.
  public func step(_ token: UInt8) -> [Float] {
    UnsafeBufferPointer(start: atome_compact_step(engine.pointer, token), count: CompactShape.vocabularySize).map(
      Float.init)
  }

  public func step(together tokens: [UInt8]) -> [Float] {
    UnsafeBufferPointer(
      start: atome_compact_step_together(engine.pointer, tokens, UInt32(tokens.count)),
      count: CompactShape.vocabularySize
    ).map(Float.init)
  }
}
