import Basics
import Formats
import Lineage

/// Turns documents into a shard set, one document at a time: memory holds one compressed shard a split.
///
/// Each document's text is followed by `Document.separatorByte`; the bytes of a split, one document after the other in
/// the order of their coming, are cut into chunks. The last chunk is filled up with separators, and the index says how
/// much of it is content. Equal documents and settings give equal bytes, for one version of libzstd.
public struct ShardBuilder {
  public let settings: ShardSettings
  private let folder: String
  private var train: SplitWriter
  private var heldOut: SplitWriter

  /// Makes the folder ready: an older set's index goes first, so that no index ever stands beside another set's shards.
  /// - Throws: `HintedError` for settings that cannot be followed, or a folder that cannot be written.
  public init(settings: ShardSettings, folder: String) throws {
    try settings.check()
    self.settings = settings
    self.folder = folder
    try ShardFolder.clear(folder)
    train = try SplitWriter(.train, settings: settings, folder: folder)
    heldOut = try SplitWriter(.heldOut, settings: settings, folder: folder)
  }

  /// - Throws: `HintedError` for a document that cannot stand in a byte stream, or a disk that cannot be written.
  public mutating func append(_ document: Document) throws {
    if let violation = document.violation {
      throw HintedError("document \(document.id.short)…: \(violation)", hint: "curate the samples again")
    }
    try append(Array(document.text.utf8), document.split, id: document.id, repeats: document.repeats)
  }

  /// A text that no sample stands behind.
  /// - Parameter repeats: how often it was said, at least 1.
  /// - Throws: `HintedError` for a text that is empty or holds the separator, or a disk that cannot be written.
  public mutating func append(text: [UInt8], split: Split, repeats: Int) throws {
    guard !text.isEmpty else { throw HintedError("a document is empty", hint: "curate the texts") }
    guard !text.contains(Document.separatorByte) else {
      throw HintedError("a document holds the separator, byte 0", hint: "curate the texts: that refuses such")
    }
    try append(text, split, id: ContentID(of: text), repeats: repeats)
  }

  private mutating func append(_ text: [UInt8], _ split: Split, id: ContentID, repeats: Int) throws {
    switch split {
    case .train: try train.append(text, id: id, repeats: repeats)
    case .heldOut: try heldOut.append(text, id: id, repeats: repeats)
    }
  }

  /// Writes what is left, and the index last.
  public mutating func finish() throws -> ShardIndex {
    let index = ShardIndex(
      chunkByteCount: settings.chunkByteCount, frameContentByteCount: settings.frameContentByteCount,
      compressor: settings.compressor, train: try train.finish(), heldOut: try heldOut.finish())
    try index.write(toFolder: folder)
    return index
  }

  /// Builds a whole set.
  public static func build(
    _ documents: some Sequence<Document>, settings: ShardSettings = ShardSettings(), folder: String
  ) throws -> ShardIndex {
    var builder = try ShardBuilder(settings: settings, folder: folder)
    for document in documents { try builder.append(document) }
    return try builder.finish()
  }
}
