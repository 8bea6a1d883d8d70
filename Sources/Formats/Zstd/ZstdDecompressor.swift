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
    try [UInt8](unsafeUninitializedCapacity: byteCount) { target, contentByteCount in
      try open(frame, into: UnsafeMutableRawBufferPointer(target), place: place)
      contentByteCount = byteCount
    }
  }

  /// The same, into memory of exactly the content's size.
  func open(_ frame: [UInt8], into target: UnsafeMutableRawBufferPointer, place: String) throws {
    let frameByteCount = try Zstd.check(ZSTD_findFrameCompressedSize(frame, frame.count), place)
    guard frameByteCount == frame.count else {
      throw HintedError("\(place): the frame ends after \(frameByteCount) of its \(frame.count) bytes")
    }
    let result = frame.withUnsafeBytes {
      ZSTD_decompressDCtx(context, target.baseAddress, target.count, $0.baseAddress, $0.count)
    }
    let contentByteCount = try Zstd.check(result, place)
    guard contentByteCount == target.count else {
      throw HintedError("\(place): the frame holds \(contentByteCount) bytes of content, not \(target.count)")
    }
  }
}
