import Basics
import Formats

/// How documents are cut and compressed.
public struct ShardSettings: Hashable, Sendable {
  /// Bytes of a chunk, the unit of random access: 256. Training reads whole documents out of chunks.
  public var chunkByteCount: Int
  /// Content bytes a zstd frame, the unit of decompression. 64 KiB at level 10 gave a ratio of 3.2 on short stories and
  /// ten thousand uncached random reads a second; 1 MiB compresses by a sixth better and reads twelve times slower.
  public var frameContentByteCount: Int
  /// Content bytes a shard, the unit of download and of loss: 64 MiB.
  public var shardContentByteCount: Int
  /// libzstd's compression level.
  public var level: Int

  public init(
    chunkByteCount: Int = 256, frameContentByteCount: Int = 64 << 10, shardContentByteCount: Int = 64 << 20,
    level: Int = 10
  ) {
    self.chunkByteCount = chunkByteCount
    self.frameContentByteCount = frameContentByteCount
    self.shardContentByteCount = shardContentByteCount
    self.level = level
  }

  /// The settings as a receipt holds them: text by name.
  public var receiptSettings: [String: String] {
    [
      "chunkByteCount": String(chunkByteCount),
      "frameContentByteCount": String(frameContentByteCount),
      "shardContentByteCount": String(shardContentByteCount),
      "level": String(level),
      "compressor": compressor,
      // Tables without counts are other files.
      "documentTableVersion": String(DocumentTableWriter.version),
    ]
  }

  /// Whose bytes the shards are: another version of libzstd may write other ones.
  var compressor: String { "libzstd \(Zstd.libraryVersion), level \(level)" }

  /// - Throws: `HintedError` when a frame does not hold whole chunks, or a shard whole frames.
  func check() throws {
    func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
      if !holds { throw HintedError(what(), hint: "the defaults are 256 B, 64 KiB and 64 MiB", status: .usage) }
    }
    try require(
      (1...ShardIndex.largestChunk).contains(chunkByteCount),
      "chunks of \(chunkByteCount) bytes are not between 1 and \(ShardIndex.largestChunk)")
    try require(
      (chunkByteCount...SeekableWriter.largestFrame).contains(frameContentByteCount)
        && frameContentByteCount.isMultiple(of: chunkByteCount),
      "frames of \(frameContentByteCount) bytes do not hold whole chunks of \(chunkByteCount)")
    try require(
      (frameContentByteCount...1 << 31).contains(shardContentByteCount)
        && shardContentByteCount.isMultiple(of: frameContentByteCount),
      "shards of \(shardContentByteCount) bytes do not hold whole frames of \(frameContentByteCount)")
  }
}
