import Basics
import CZstd

/// Opens single zstd frames whose content's size is known beforehand.
final class ZstdDecompressor {
  private let context: OpaquePointer

  init() throws {
    guard let context = ZSTD_createDCtx() else {
      throw HintedError("no memory for a zstd decompressor", status: .unavailable)
    }
    self.context = context
  }

  deinit { ZSTD_freeDCtx(context) }

  /// The content of one frame; libzstd compares it with the frame's checksum.
  /// - Parameters:
  ///   - frame: exactly one frame.
  ///   - byteCount: the content's size; the caller has checked that it is sane.
  ///   - place: the file and the frame, for messages.
  func content(of frame: [UInt8], byteCount: Int, place: String) throws -> [UInt8] {
    let frameByteCount = try Zstd.check(ZSTD_findFrameCompressedSize(frame, frame.count), place)
    guard frameByteCount == frame.count else {
      throw HintedError("\(place): the frame ends after \(frameByteCount) of its \(frame.count) bytes")
    }
    let content = try [UInt8](unsafeUninitializedCapacity: byteCount) { target, contentByteCount in
      try frame.withUnsafeBytes { bytes in
        let result = ZSTD_decompressDCtx(context, target.baseAddress, target.count, bytes.baseAddress, bytes.count)
        contentByteCount = try Zstd.check(result, place)
      }
    }
    guard content.count == byteCount else {
      throw HintedError("\(place): the frame holds \(content.count) bytes of content, not \(byteCount)")
    }
    return content
  }
}
