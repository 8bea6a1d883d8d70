import Basics
import Lineage

/// Opens a shard set: any chunk by its number, or all of a split, in bounded memory.
///
/// Nothing is believed: the first touch of a shard compares its SHA-256 with the index's, and each frame is compared
/// with its own checksum whenever it is read.
public final class ShardReader {
  public let folder: String
  public let index: ShardIndex
  private var openShards: [String: SeekableReader] = [:]
  private var documentTables: [Split: DocumentTableReader] = [:]
  /// 16 frames of 64 KiB.
  private var cache = FrameCache(byteLimit: 1 << 20)

  /// - Parameter folder: the folder that holds `index.json`.
  /// - Throws: `HintedError` when the index is missing or wrong.
  public init(folder: String) throws {
    self.folder = folder
    index = try ShardIndex(readFrom: "\(folder)/\(ShardIndex.fileName)")
  }

  /// One chunk.
  /// - Parameters:
  ///   - number: its position in the split, from 0.
  ///   - split: the side that is read.
  /// - Throws: `HintedError` that names the shard, the frame and the chunk.
  public func chunk(at number: Int, in split: Split) throws -> Chunk {
    try withFrame(ofChunk: number, in: split) { frame in
      let key = FrameCache.Key(fileName: frame.reader.file.path, frameIndex: frame.number)
      let content = try cache.content(for: key) { try frame.reader.content(ofFrame: frame.number) }
      return Chunk(index: number, bytes: Array(content[frame.offset..<frame.offset + index.chunkByteCount]))
    }
  }

  /// The frames that hold chunks which lie one behind the other, each with the memory for its part of their content.
  func frames(
    ofChunks chunks: Range<Int>, of split: Split, into target: UnsafeMutableRawBufferPointer
  ) throws -> [FrameReading] {
    var (number, readings) = (chunks.lowerBound, [FrameReading]())
    while number < chunks.upperBound {
      let start = (number - chunks.lowerBound) * index.chunkByteCount
      let reading = try withFrame(ofChunk: number, in: split) { frame in
        let count = min(frame.content.count - frame.offset, target.count - start)
        return FrameReading(
          reader: frame.reader, frame: frame.number, isWhole: count == frame.content.count, offset: frame.offset,
          target: UnsafeMutableRawBufferPointer(rebasing: target[start..<start + count]), chunk: number, split: split)
      }
      readings.append(reading)
      number += reading.target.count / index.chunkByteCount
    }
    return readings
  }

  /// A frame, and where a chunk begins in it.
  private struct Frame {
    var reader: SeekableReader
    var number: Int
    var content: Range<Int>
    var offset: Int
  }

  private func withFrame<Result>(
    ofChunk number: Int, in split: Split, _ body: (Frame) throws -> Result
  ) throws -> Result {
    let shard = try shard(holdingChunk: number, in: split)
    let offset = (number - shard.firstChunkIndex) * index.chunkByteCount
    do {
      let reader = try open(shard)
      guard let frame = reader.frameIndex(ofContentByte: offset) else {
        throw HintedError("\(reader.file.path): no frame holds content byte \(offset)")
      }
      let range = reader.contentRange(ofFrame: frame)
      guard offset + index.chunkByteCount <= range.upperBound else {
        throw HintedError("\(reader.file.path): frame \(frame) ends inside a chunk")
      }
      return try body(Frame(reader: reader, number: frame, content: range, offset: offset - range.lowerBound))
    } catch let error as HintedError {
      throw error.naming(chunk: number, in: split)
    }
  }

  /// One document's text, without its separator.
  /// - Parameters:
  ///   - position: in the split, from 0.
  ///   - split: the side that is read.
  /// - Throws: `HintedError` for damage, or a document that does not end with the separator.
  public func text(ofDocument position: Int, in split: Split) throws -> [UInt8] {
    let range = try documentTable(of: split).document(at: position).contentRange
    let first = range.lowerBound / index.chunkByteCount
    var bytes: [UInt8] = []
    for number in first...(range.upperBound - 1) / index.chunkByteCount {
      bytes += try chunk(at: number, in: split).bytes
    }
    let start = range.lowerBound - first * index.chunkByteCount
    bytes = Array(bytes[start..<start + range.count])
    guard bytes.popLast() == index.separatorByte else {
      throw HintedError(
        "\(folder): \(split.rawValue) document \(position) does not end with the separator",
        hint: "shard the documents again")
    }
    return bytes
  }

  /// How many of a chunk's bytes are content; the rest, in the last chunk of a split, is padding that nothing must
  /// learn from. 0 for a chunk that does not exist.
  public func contentByteCount(ofChunk number: Int, in split: Split) -> Int {
    guard (0..<index[split].chunkCount).contains(number) else { return 0 }
    return min(index.chunkByteCount, index[split].contentByteCount - number * index.chunkByteCount)
  }

  /// The documents of which a chunk holds at least one byte, in the order of the content.
  public func documents(inChunk number: Int, of split: Split) throws -> [DocumentSpan] {
    _ = try shard(holdingChunk: number, in: split)
    let start = number * index.chunkByteCount
    return try documentTable(of: split).documents(overlapping: start..<start + index.chunkByteCount)
  }

  /// The table of a split's documents, its SHA-256 checked.
  public func documentTable(of split: Split) throws -> DocumentTableReader {
    if let table = documentTables[split] { return table }
    let reference = index[split].documentTable
    let path = "\(folder)/\(reference.fileName)"
    guard try ContentID(ofFile: path) == reference.id else {
      throw HintedError("\(path): the SHA-256 is not the index's", hint: "shard the documents again")
    }
    let table = try DocumentTableReader(path)
    guard table.documentCount == index[split].documentCount, table.contentByteCount == index[split].contentByteCount
    else { throw HintedError("\(path): the table's counts are not the index's") }
    documentTables[split] = table
    return table
  }

  private func shard(holdingChunk number: Int, in split: Split) throws -> Shard {
    let shards = index[split].shards
    guard (0..<index[split].chunkCount).contains(number),
      let shard = shards.last(where: { $0.firstChunkIndex <= number })
    else {
      throw HintedError(
        "\(folder): no \(split.rawValue) chunk \(number); there are \(index[split].chunkCount), numbered from 0",
        status: .usage)
    }
    return shard
  }

  /// A shard's reader; the first call compares the file with the index.
  func open(_ shard: Shard) throws -> SeekableReader {
    if let reader = openShards[shard.fileName] { return reader }
    let file = try RandomAccessFile("\(folder)/\(shard.fileName)")
    guard file.byteCount == shard.byteCount, try file.contentID() == shard.id else {
      throw damage(of: shard, in: file)
    }
    let reader = try SeekableReader(file)
    guard reader.contentByteCount == shard.chunkCount * index.chunkByteCount else {
      throw HintedError("\(file.path): \(reader.contentByteCount) bytes of content, not \(shard.chunkCount) chunks")
    }
    openShards[shard.fileName] = reader
    return reader
  }
}

extension HintedError {
  func naming(chunk number: Int, in split: Split) -> HintedError {
    var error = self
    error.message += ", while reading \(split.rawValue) chunk \(number)"
    return error
  }
}
