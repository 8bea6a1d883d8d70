import Basics
import CAtomeEngine
import Networks

/// The C99 integer engine that is flashed, compiled for this machine: the same integer logits as `IntegerEngine`'s.
public final class CIntegerEngine: LogitSource {
  public let contextLength: Int
  public let logitKind: LogitKind
  /// The RAM that this model and context need, on any machine.
  public let memoryByteCount: Int
  private let engine: CStructure<atome_integer_engine>
  /// What `engine` points into.
  private let image: CMemory
  private let memory: CMemory

  /// - Parameters:
  ///   - bytes: an ATOMEQ01 file, copied.
  ///   - logitScale: what a logit of 1 means; the file says it.
  ///   - contextLength: T, positions that attention sees, the current one included: 1…65536.
  /// - Throws: `HintedError` for an image that is truncated or corrupt, or a context outside its limits.
  public init(image bytes: [UInt8], logitScale: Double, contextLength: Int) throws {
    let image = try CMemory(copying: bytes)
    var opened = atome_integer_image()
    try CEngine.check(
      atome_integer_open(&opened, image.start.assumingMemoryBound(to: UInt8.self), image.byteCount))
    let positions = UInt32(exactly: contextLength) ?? 0
    var byteCount = 0
    try CEngine.check(atome_integer_memory_size(&opened, positions, &byteCount))
    let memory = try CMemory(byteCount: byteCount)
    var engine = atome_integer_engine()
    try CEngine.check(atome_integer_init(&engine, &opened, positions, memory.start, byteCount))
    self.engine = CStructure(engine)
    self.image = image
    self.memory = memory
    self.contextLength = contextLength
    logitKind = .integer(scale: logitScale)
    memoryByteCount = byteCount
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler {
    try CIntegerSampler(sampling, stream: stream) { [self] sampler, logits in
      atome_integer_sample(&sampler, &engine.pointer.pointee.image, logits)
    }
  }

  public func reset() { atome_integer_reset(engine.pointer) }

  /// Reads one byte and returns the 256 logits of the byte that follows, each an integer.
  public func step(_ byte: UInt8) -> [Float] {
    UnsafeBufferPointer(start: atome_integer_step(engine.pointer, byte), count: AtomeShape.vocabularySize).map(
      Float.init)
  }
}
