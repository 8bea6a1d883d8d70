import Basics

/// A fixed-size piece of the corpus's byte stream: noun 4.
public struct Chunk: Hashable, Sendable {
  /// Position in its shard set, from 0.
  public var index: Int
  /// Exactly the shard set's `chunkByteCount` bytes.
  public var bytes: [UInt8]
  public var id: ContentID { ContentID(of: bytes) }

  public init(index: Int, bytes: [UInt8]) {
    self.index = index
    self.bytes = bytes
  }
}

/// One compressed file of chunks: noun 5.
public struct Shard: Hashable, Codable, Sendable {
  /// The SHA-256 of the file's bytes.
  public var id: ContentID
  public var fileName: String
  public var split: Split
  /// The first chunk's index in its split, and how many follow.
  public var firstChunkIndex: Int
  public var chunkCount: Int
  public var byteCount: Int

  public init(
    id: ContentID, fileName: String, split: Split, firstChunkIndex: Int, chunkCount: Int, byteCount: Int
  ) {
    self.id = id
    self.fileName = fileName
    self.split = split
    self.firstChunkIndex = firstChunkIndex
    self.chunkCount = chunkCount
    self.byteCount = byteCount
  }
}
