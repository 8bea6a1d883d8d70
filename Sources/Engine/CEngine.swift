import Basics
import CAtomeEngine
import Lineage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The C99 engine that is flashed, compiled for this machine: the same source files, behind the same protocol as the
/// reference engine, and the same 32 bits of every logit (docs/numerics.md).
///
/// A class, since the C engine points into memory that must not be copied.
public final class CEngine: LogitSource {
  public let shape: AtomeShape
  public let contextLength: Int
  /// The RAM that this model and context need, on any machine: keys, values, states and scratch.
  public let memoryByteCount: Int
  private var engine: atome_engine
  private let image: UnsafeMutableRawPointer
  private let memory: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - image: an ATOME01 file, copied.
  ///   - shape: of a published blob without a trailer; must agree with the trailer if there is one.
  ///   - contextLength: T, positions that attention sees, the current one included: 1…65536.
  /// - Throws: `HintedError` for an image that is truncated, corrupt or without a shape, or a context outside its limits.
  public init(image bytes: [UInt8], shape: AtomeShape? = nil, contextLength: Int) throws {
    let image = try Self.allocate(bytes.count)
    var memory: UnsafeMutableRawPointer?
    do {
      bytes.withUnsafeBytes { source in
        if let start = source.baseAddress { image.copyMemory(from: start, byteCount: source.count) }
      }
      let opened = try Self.open(image, byteCount: bytes.count, shape: shape)
      let memoryByteCount = try Self.memoryByteCount(opened, contextLength)
      let room = try Self.allocate(memoryByteCount)
      memory = room
      engine = try Self.start(opened, contextLength, room, memoryByteCount)
      self.shape = AtomeShape(opened.shape)
      self.contextLength = contextLength
      self.memoryByteCount = memoryByteCount
      self.image = image
      self.memory = room
    } catch {
      free(memory)
      free(image)
      throw error
    }
  }

  deinit {
    free(memory)
    free(image)
  }

  public func reset() {
    atome_engine_reset(&engine)
  }

  /// Reads one byte and returns the 256 logits of the byte that follows.
  public func step(_ byte: UInt8) -> [Float] {
    Array(UnsafeBufferPointer(start: atome_engine_step(&engine, byte), count: AtomeShape.vocabularySize))
  }
}

// MARK: - The C functions, with errors thrown

extension CEngine {
  private static func allocate(_ byteCount: Int) throws -> UnsafeMutableRawPointer {
    guard let pointer = malloc(max(byteCount, 1)) else {
      throw HintedError(
        "the engine needs \(byteCount) bytes of memory and cannot get them", hint: "a shorter context needs less",
        status: .unavailable)
    }
    return pointer
  }

  private static func open(
    _ bytes: UnsafeRawPointer, byteCount: Int, shape: AtomeShape?
  ) throws -> atome_image {
    var image = atome_image()
    let start = bytes.assumingMemoryBound(to: UInt8.self)
    if let shape {
      try shape.validate()
      var dimensions = atome_shape(shape)
      try check(atome_image_open(&image, start, byteCount, &dimensions))
    } else {
      try check(atome_image_open(&image, start, byteCount, nil))
    }
    return image
  }

  private static func memoryByteCount(_ image: atome_image, _ contextLength: Int) throws -> Int {
    var image = image
    var size = 0
    try check(atome_engine_memory_size(&image, UInt32(exactly: contextLength) ?? 0, &size))
    return size
  }

  private static func start(
    _ image: atome_image, _ contextLength: Int, _ memory: UnsafeMutableRawPointer, _ byteCount: Int
  ) throws -> atome_engine {
    var image = image
    var engine = atome_engine()
    try check(atome_engine_init(&engine, &image, UInt32(exactly: contextLength) ?? 0, memory, byteCount))
    return engine
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
