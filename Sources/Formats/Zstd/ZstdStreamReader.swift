import Basics
import CZstd

/// Reads any zstd file from front to back, piece by piece, in bounded memory: one frame or many, with skippable frames
/// between them, made by Alambic or by the `zstd` tool.
final class ZstdStreamReader {
  private let file: RandomAccessFile
  private let context: OpaquePointer
  private var fileOffset = 0
  private var input: [UInt8] = []
  private var inputPosition = 0
  /// Whether the last call ended between two frames.
  private var isBetweenFrames = true

  init(_ file: RandomAccessFile) throws {
    guard let context = ZSTD_createDCtx() else {
      throw HintedError("no memory for a zstd decompressor", status: .unavailable)
    }
    self.file = file
    self.context = context
    // 8 MiB, as RFC 8878 recommends to decoders: a hostile header cannot make us reserve more.
    try Zstd.check(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23), "limit the zstd window")
  }

  deinit { ZSTD_freeDCtx(context) }

  /// The next piece of content, never empty; nil at the end.
  /// - Throws: `HintedError` for damaged bytes, and for a file that ends inside a frame.
  func next() throws -> [UInt8]? {
    while true {
      let inputWasEmpty = inputPosition == input.count
      if inputWasEmpty, !(try refill()) {
        // Even without input the decompressor may still hold content.
        let rest = isBetweenFrames ? [] : try decompress()
        if !rest.isEmpty { return rest }
        guard isBetweenFrames else { throw truncation }
        return nil
      }
      let piece = try decompress()
      if !piece.isEmpty { return piece }
    }
  }

  private var truncation: HintedError {
    HintedError(
      "\(file.path): the file ends inside a zstd frame, after \(file.byteCount) bytes",
      hint: "the file is truncated; fetch or make it again")
  }

  private func refill() throws -> Bool {
    let count = min(ZSTD_DStreamInSize(), file.byteCount - fileOffset)
    guard count > 0 else { return false }
    input = try file.read(at: fileOffset, count: count)
    inputPosition = 0
    fileOffset += count
    return true
  }

  private func decompress() throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: ZSTD_DStreamOutSize()) { target, contentByteCount in
      try input.withUnsafeBytes { bytes in
        var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: inputPosition)
        var sink = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = ZSTD_decompressStream(context, &sink, &source)
        isBetweenFrames = try Zstd.check(result, "\(file.path) before byte \(fileOffset)") == 0
        inputPosition = source.pos
        contentByteCount = sink.pos
      }
    }
  }
}
