import Basics
import Lineage

/// `index.json` of a shard set: what is where, and every file's hash. Specified in docs/formats/shard.md.
public struct ShardIndex: Hashable, Codable, Sendable {
  public static let currentSchema = "alambic.shards/1"
  public static let fileName = "index.json"

  public var schema = currentSchema
  public var chunkByteCount: Int
  /// Content bytes a zstd frame: a multiple of `chunkByteCount`, so that a chunk lies in one frame.
  public var frameContentByteCount: Int
  public var separatorByte = Document.separatorByte
  /// Whose compressor wrote the shards, as `libzstd 1.5.4, level 10`: another may write other bytes for equal content.
  public var compressor: String
  public var train: SplitIndex
  public var heldOut: SplitIndex

  public init(
    chunkByteCount: Int, frameContentByteCount: Int, compressor: String, train: SplitIndex, heldOut: SplitIndex
  ) {
    self.chunkByteCount = chunkByteCount
    self.frameContentByteCount = frameContentByteCount
    self.compressor = compressor
    self.train = train
    self.heldOut = heldOut
  }

  public subscript(_ split: Split) -> SplitIndex {
    switch split {
    case .train: train
    case .heldOut: heldOut
    }
  }
}

/// One split of a shard set.
public struct SplitIndex: Hashable, Codable, Sendable {
  /// Documents and their separators, without the padding of the last chunk.
  public var contentByteCount: Int
  /// The hash of those bytes; it does not depend on the compressor.
  public var contentID: ContentID
  public var chunkCount: Int
  public var documentCount: Int
  public var documentTable: DocumentTableReference
  public var shards: [Shard]

  public init(
    contentByteCount: Int, contentID: ContentID, chunkCount: Int, documentCount: Int,
    documentTable: DocumentTableReference, shards: [Shard]
  ) {
    self.contentByteCount = contentByteCount
    self.contentID = contentID
    self.chunkCount = chunkCount
    self.documentCount = documentCount
    self.documentTable = documentTable
    self.shards = shards
  }
}

/// The file that says which document lies where in a split.
public struct DocumentTableReference: Hashable, Codable, Sendable {
  public var fileName: String
  public var id: ContentID
  public var byteCount: Int

  public init(fileName: String, id: ContentID, byteCount: Int) {
    self.fileName = fileName
    self.id = id
    self.byteCount = byteCount
  }
}

/// File names of a shard set, the same as the data sets on Hugging Face use.
public enum ShardName {
  /// `train-00000-of-00003.zst`
  public static func shard(_ split: Split, _ number: Int, of count: Int) -> String {
    "\(split.rawValue)-\(fiveDigits(number))-of-\(fiveDigits(count)).zst"
  }

  /// `train.documents`
  public static func documentTable(_ split: Split) -> String { "\(split.rawValue).documents" }

  private static func fiveDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
