import Basics
import CAtomeEngine
import Networks

/// The C99 engine that is flashed, compiled for this machine: the same source files, behind the same protocol as the
/// reference engine, and the same 32 bits of every logit (docs/numerics.md).
///
/// A class, since the C engine points into memory that must not be copied.
public final class CEngine: LogitSource {
  public let shape: AtomeShape
  public let contextLength: Int
  /// The RAM that this model and context need, on any machine: keys, values, states and scratch.
  public let memoryByteCount: Int
  private let engine: CStructure<atome_engine>
  /// What `engine` points into.
  private let image: CMemory
  private let memory: CMemory

  /// - Parameters:
  ///   - bytes: an ATOME01 or ATOME02 file, copied.
  ///   - shape: of a published blob without a trailer; must agree with the trailer if there is one.
  ///   - contextLength: T, positions that attention sees, the current one included: 1…65536.
  /// - Throws: `HintedError` for an image that is truncated, corrupt or without a shape, or a context outside its
  ///   limits.
  public init(image bytes: [UInt8], shape: AtomeShape? = nil, contextLength: Int) throws {
    let image = try CMemory(copying: bytes)
    var opened = try Self.open(image, shape: shape)
    let positions = UInt32(exactly: contextLength) ?? 0
    var byteCount = 0
    try Self.check(atome_engine_memory_size(&opened, positions, &byteCount))
    let memory = try CMemory(byteCount: byteCount)
    var engine = atome_engine()
    try Self.check(atome_engine_init(&engine, &opened, positions, memory.start, byteCount))
    self.engine = CStructure(engine)
    self.image = image
    self.memory = memory
    self.shape = AtomeShape(opened.shape)
    self.contextLength = contextLength
    memoryByteCount = byteCount
  }

  public func reset() {
    atome_engine_reset(engine.pointer)
  }

  /// Reads one byte and returns the 256 logits of the byte that follows.
  public func step(_ byte: UInt8) -> [Float] {
    Array(UnsafeBufferPointer(start: atome_engine_step(engine.pointer, byte), count: AtomeShape.vocabularySize))
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) throws -> any ByteSampler {
    try CSampler(sampling, stream: stream)
  }
}

// MARK: - Opening an image

extension CEngine {
  private static func open(_ bytes: CMemory, shape: AtomeShape?) throws -> atome_image {
    var image = atome_image()
    let start = bytes.start.assumingMemoryBound(to: UInt8.self)
    if let shape {
      try shape.validate()
      var dimensions = atome_shape(shape)
      try check(atome_image_open(&image, start, bytes.byteCount, &dimensions))
    } else {
      try check(atome_image_open(&image, start, bytes.byteCount, nil))
    }
    return image
  }
}

extension AtomeShape {
  fileprivate init(_ shape: atome_shape) {
    self.init(
      modelWidth: Int(shape.model_width), layerCount: Int(shape.layer_count), headWidth: Int(shape.head_width),
      topK: Int(shape.top_k), kernelSize: Int(shape.kernel_size))
  }
}

extension atome_shape {
  /// The shape must be inside its limits.
  fileprivate init(_ shape: AtomeShape) {
    self.init(
      model_width: UInt32(shape.modelWidth), layer_count: UInt32(shape.layerCount),
      head_width: UInt32(shape.headWidth), top_k: UInt32(shape.topK), kernel_size: UInt32(shape.kernelSize))
  }
}
