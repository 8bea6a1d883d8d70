import Basics
import CZstd

/// Makes zstd frames that stand alone: each has its content's size and checksum, and needs no frame before it.
public final class ZstdCompressor {
  private let context: OpaquePointer

  /// - Parameter level: libzstd's compression level, 1 to 19.
  /// - Throws: `HintedError` for another level, or when memory is short.
  public init(level: Int) throws {
    guard (1...19).contains(level) else {
      throw HintedError("zstd level \(level) is not between 1 and 19", status: .usage)
    }
    guard let context = ZSTD_createCCtx() else {
      throw HintedError("no memory for a zstd compressor", status: .unavailable)
    }
    self.context = context
    try Zstd.check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level)), "set the zstd level")
    try Zstd.check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1), "ask zstd for checksums")
  }

  deinit { ZSTD_freeCCtx(context) }

  /// One frame that holds `content`.
  public func frame(of content: some Collection<UInt8>) throws -> [UInt8] {
    let source = ContiguousArray(content)
    let capacity = ZSTD_compressBound(source.count)
    return try [UInt8](unsafeUninitializedCapacity: capacity) { target, frameByteCount in
      try source.withUnsafeBytes { bytes in
        let result = ZSTD_compress2(context, target.baseAddress, target.count, bytes.baseAddress, bytes.count)
        frameByteCount = try Zstd.check(result, "compress \(bytes.count) bytes")
      }
    }
  }
}
