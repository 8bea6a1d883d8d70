import Basics
import CZstd

/// Reads the frames of a seekable zstd file that may be damaged: by its seek table where that is whole, otherwise by
/// walking from frame to frame, and from the next beginning of one where a walk ends.
struct FrameSalvage {
  private let bytes: [UInt8]
  private let decompressor: ZstdDecompressor
  private let path: String
  private var starts: [Range<Int>] = []

  private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  init(_ path: String) throws {
    self.path = path
    let file = try RandomAccessFile(path)
    bytes = try file.read(at: 0, count: file.byteCount)
    decompressor = try ZstdDecompressor()
    var offset = 0
    for entry in (try? SeekTable(of: file))?.entries ?? [] {
      starts.append(offset..<offset + entry.compressedByteCount)
      offset += entry.compressedByteCount
    }
  }

  /// Hands out frames in order: content, or nil once for each gap.
  func forEachFrame(_ body: ([UInt8]?) throws -> Void) throws {
    if !starts.isEmpty {
      for range in starts { try body(content(of: range)) }
      return
    }
    try walk(body)
  }

  private func walk(_ body: ([UInt8]?) throws -> Void) throws {
    var (offset, isInGap) = (0, false)
    while offset < bytes.count {
      if bytes.count - offset >= 4, Self.isSkippable(bytes[offset..<offset + 4]) { return }
      let size = bytes.withUnsafeBytes { bytes in
        ZSTD_findFrameCompressedSize(bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
      }
      if ZSTD_isError(size) == 0, let content = content(of: offset..<offset + size) {
        try body(content)
        (offset, isInGap) = (offset + size, false)
      } else {
        if !isInGap { try body(nil) }
        isInGap = true
        offset = nextMagic(after: offset) ?? bytes.count
      }
    }
    // No seek table at the end: who knows what stood there.
    if !isInGap { try body(nil) }
  }

  private static func isSkippable(_ magic: ArraySlice<UInt8>) -> Bool {
    magic.first.map { 0x50...0x5F ~= $0 } == true && magic.dropFirst().elementsEqual([0x2A, 0x4D, 0x18])
  }

  private func nextMagic(after offset: Int) -> Int? {
    guard bytes.count - offset > 4 else { return nil }
    return (offset + 1...bytes.count - 4).first { start in
      bytes[start] == Self.magic[0] && bytes[start..<start + 4].elementsEqual(Self.magic)
    }
  }

  /// By the frame's own size and checksum; what the seek table says of them may be what is damaged.
  private func content(of range: Range<Int>) -> [UInt8]? {
    guard range.upperBound <= bytes.count else { return nil }
    let frame = Array(bytes[range])
    let size = ZSTD_getFrameContentSize(frame, frame.count)
    guard size > 0, size <= UInt64(SeekableWriter.largestFrame), SeekableFrame.hasChecksum(frame) else { return nil }
    return try? decompressor.content(of: frame, byteCount: Int(size), place: path)
  }
}
