import Basics
import CZstd

/// Opens a seekable zstd file and hands out its frames in any order, each checked against its own checksum and the seek
/// table's.
public final class SeekableReader {
  public let file: RandomAccessFile
  private let table: SeekTable
  private let decompressor: ZstdDecompressor
  /// Where each frame begins in the file, and in the content.
  private let starts: [(file: Int, content: Int)]

  public let contentByteCount: Int

  /// - Throws: `HintedError` when the file is missing, truncated, or not a seekable zstd file.
  public init(_ file: RandomAccessFile) throws {
    self.file = file
    table = try SeekTable(of: file)
    decompressor = try ZstdDecompressor()
    var next = (file: 0, content: 0)
    starts = table.entries.map { entry in
      defer { next = (next.file + entry.compressedByteCount, next.content + entry.contentByteCount) }
      return next
    }
    contentByteCount = next.content
  }

  public var frameCount: Int { table.entries.count }

  /// The frame that holds a content byte; nil behind the end.
  public func frameIndex(ofContentByte offset: Int) -> Int? {
    guard offset >= 0, offset < contentByteCount else { return nil }
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle].content <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// Where a frame's content lies in the file's content.
  public func contentRange(ofFrame index: Int) -> Range<Int> {
    starts[index].content..<starts[index].content + table.entries[index].contentByteCount
  }

  /// One frame's content.
  /// - Throws: `HintedError` that names the file and the frame when any check fails.
  public func content(ofFrame index: Int) throws -> [UInt8] {
    try decompressor.content(
      of: try frame(index), byteCount: table.entries[index].contentByteCount, place: place(ofFrame: index))
  }

  /// The same, into memory of exactly the content's size, by a decompressor that no other thread uses.
  func open(
    frame index: Int, into target: UnsafeMutableRawBufferPointer, with decompressor: ZstdDecompressor
  ) throws {
    try decompressor.open(try frame(index), into: target, place: place(ofFrame: index))
  }

  private func place(ofFrame index: Int) -> String { "\(file.path): frame \(index) of \(frameCount)" }

  /// A frame's bytes, compared with the seek table.
  private func frame(_ index: Int) throws -> [UInt8] {
    let entry = table.entries[index]
    let frame = try file.read(at: starts[index].file, count: entry.compressedByteCount)
    guard SeekableFrame.hasChecksum(frame) else {
      throw HintedError("\(place(ofFrame: index)): the frame carries no checksum")
    }
    guard SeekableFrame.checksum(of: frame) == entry.checksum else {
      throw HintedError("\(place(ofFrame: index)): the frame's checksum is not the seek table's")
    }
    guard ZSTD_getFrameContentSize(frame, frame.count) == UInt64(entry.contentByteCount) else {
      throw HintedError("\(place(ofFrame: index)): the frame's content size is not the seek table's")
    }
    return frame
  }
}
