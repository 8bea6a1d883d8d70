import Basics
import CZlib
import CZstd

/// The content of a zstd file: one frame or many, skippable frames between them.
final class ZstdBytes: ByteSource {
  private let source: PlainBytes
  private let context: OpaquePointer
  private var input: [UInt8] = []
  private var position = 0
  private var isBetweenFrames = true

  init(_ source: PlainBytes) throws {
    guard let context = ZSTD_createDCtx() else {
      throw HintedError("no memory for a zstd decompressor", status: .unavailable)
    }
    self.source = source
    self.context = context
    // 128 MiB, as `zstd -d` takes: a hostile header cannot make us reserve more.
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
  }

  deinit { ZSTD_freeDCtx(context) }

  func next() throws -> [UInt8]? {
    while true {
      let hadInput = position < input.count
      if !hadInput {
        if let piece = try source.next() {
          (input, position) = (piece, 0)
        } else {
          let rest = isBetweenFrames ? [] : try decompressed()
          if !rest.isEmpty { return rest }
          guard isBetweenFrames else {
            throw HintedError("\(source.name) ends inside a zstd frame", hint: "the file is truncated; fetch it again")
          }
          return nil
        }
      }
      let piece = try decompressed()
      if !piece.isEmpty { return piece }
    }
  }

  private func decompressed() throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: 1 << 20) { target, count in
      try input.withUnsafeBytes { bytes in
        var incoming = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: position)
        var outgoing = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let result = ZSTD_decompressStream(context, &outgoing, &incoming)
        guard ZSTD_isError(result) == 0 else {
          throw HintedError(
            "\(source.name): damaged zstd: \(String(cString: ZSTD_getErrorName(result)))", hint: "fetch it again")
        }
        isBetweenFrames = result == 0
        position = incoming.pos
        count = outgoing.pos
      }
    }
  }
}

/// The content of a gzip file: one member or several, one behind the other.
final class GzipBytes: ByteSource {
  private let source: PlainBytes
  private var stream = z_stream()
  private var input: [UInt8] = []
  private var position = 0
  private var isBetweenMembers = true

  init(_ source: PlainBytes) throws {
    self.source = source
    guard alambic_inflate_gzip(&stream) == Z_OK else {
      throw HintedError("no memory for a gzip decompressor", status: .unavailable)
    }
  }

  deinit { inflateEnd(&stream) }

  func next() throws -> [UInt8]? {
    while true {
      if position == input.count {
        guard let piece = try source.next() else {
          guard isBetweenMembers else {
            throw HintedError("\(source.name) ends inside its gzip data", hint: "the file is truncated; fetch it again")
          }
          return nil
        }
        (input, position) = (piece, 0)
      }
      // Zeros may fill up the last block of a tape or a disk.
      if isBetweenMembers, input[position] == 0 {
        position += 1
        continue
      }
      let piece = try decompressed()
      if !piece.isEmpty { return piece }
    }
  }

  private func decompressed() throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: 1 << 20) { target, count in
      try input.withUnsafeMutableBufferPointer { bytes in
        stream.next_in = bytes.baseAddress?.advanced(by: position)
        stream.avail_in = UInt32(bytes.count - position)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        let result = inflate(&stream, Z_NO_FLUSH)
        guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
          throw HintedError(
            "\(source.name): damaged gzip: \(stream.msg.map { String(cString: $0) } ?? "error \(result)")",
            hint: "fetch it again")
        }
        position = bytes.count - Int(stream.avail_in)
        count = target.count - Int(stream.avail_out)
        isBetweenMembers = result == Z_STREAM_END
        if isBetweenMembers { inflateReset(&stream) }
      }
    }
  }
}

enum Compression {
  /// Opens a file, and looks through what it is compressed with, by its first bytes.
  static func open(_ plain: PlainBytes) throws -> any ByteSource {
    let beginning = Array(try plain.beginning())
    if beginning.starts(with: [0x1F, 0x8B]) { return try GzipBytes(plain) }
    if beginning.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return try ZstdBytes(plain) }
    if beginning.count >= 4, 0x50...0x5F ~= beginning[0], Array(beginning[1..<4]) == [0x2A, 0x4D, 0x18] {
      return try ZstdBytes(plain)
    }
    try PackedFile.check(beginning, named: plain.name)
    return plain
  }
}
