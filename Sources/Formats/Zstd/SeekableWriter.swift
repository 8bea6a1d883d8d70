import Basics

/// Builds a seekable zstd file in memory: content goes in, frames of equal content size come out.
public struct SeekableWriter {
  /// Larger frames make random access slow and are refused by readers: 16 MiB.
  public static let largestFrame = 16 << 20

  /// Content bytes a frame; the last one may hold fewer.
  public let frameContentByteCount: Int
  private let compressor: ZstdCompressor
  private var pending: [UInt8] = []
  private var frames: [UInt8] = []
  private var table = SeekTable()

  /// - Throws: `HintedError` when the frame size is not between 1 and `largestFrame`.
  public init(frameContentByteCount: Int, compressor: ZstdCompressor) throws {
    guard (1...Self.largestFrame).contains(frameContentByteCount) else {
      throw HintedError(
        "frames of \(frameContentByteCount) bytes are not between 1 and \(Self.largestFrame)", status: .usage)
    }
    self.frameContentByteCount = frameContentByteCount
    self.compressor = compressor
  }

  /// Bytes of content appended so far.
  public private(set) var contentByteCount = 0

  public mutating func append(_ content: some Collection<UInt8>) throws {
    contentByteCount += content.count
    pending.append(contentsOf: content)
    var start = 0
    while pending.count - start >= frameContentByteCount {
      try appendFrame(of: pending[start..<start + frameContentByteCount])
      start += frameContentByteCount
    }
    pending.removeFirst(start)
  }

  /// The whole file: frames, then the seek table.
  public mutating func finish() throws -> [UInt8] {
    if !pending.isEmpty { try appendFrame(of: pending[...]) }
    pending = []
    return frames + table.encoded
  }

  private mutating func appendFrame(of content: ArraySlice<UInt8>) throws {
    let frame = try compressor.frame(of: content)
    table.entries.append(
      SeekTable.Entry(
        compressedByteCount: frame.count, contentByteCount: content.count, checksum: SeekableFrame.checksum(of: frame)))
    frames += frame
  }
}

/// What can be known of a frame from its bytes alone (RFC 8878, section 3.1.1).
enum SeekableFrame {
  /// The four bytes that end a frame with a content checksum, little-endian.
  static func checksum(of frame: [UInt8]) -> UInt32 {
    frame.suffix(4).reversed().reduce(UInt32.zero) { $0 << 8 | UInt32($1) }
  }

  /// Whether the frame header's descriptor says that a checksum ends the frame.
  static func hasChecksum(_ frame: [UInt8]) -> Bool {
    frame.count > 8 && frame[4] & 0b100 != 0
  }
}
