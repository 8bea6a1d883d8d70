import Basics
import Formats
import Lineage

/// Writes one split's shards and its document table.
///
/// How many shards there will be, which is part of their names, is known at the end only; until then they carry
/// provisional names.
struct SplitWriter {
  private let split: Split
  private let settings: ShardSettings
  private let folder: String
  private let compressor: ZstdCompressor
  private var shard: SeekableWriter
  private var written: [Shard] = []
  private var table = DocumentTableWriter()
  private var hasher = ContentHasher()

  init(_ split: Split, settings: ShardSettings, folder: String) throws {
    self.split = split
    self.settings = settings
    self.folder = folder
    compressor = try ZstdCompressor(level: settings.level)
    shard = try SeekableWriter(frameContentByteCount: settings.frameContentByteCount, compressor: compressor)
  }

  mutating func append(_ text: [UInt8], id: ContentID, repeats: Int) throws {
    let bytes = text + [Document.separatorByte]
    table.append(id, byteCount: bytes.count, repeats: repeats)
    hasher.update(bytes)
    var rest = bytes[...]
    while !rest.isEmpty {
      let room = settings.shardContentByteCount - shard.contentByteCount
      try shard.append(rest.prefix(room))
      rest = rest.dropFirst(room)
      if shard.contentByteCount == settings.shardContentByteCount { try closeShard() }
    }
  }

  mutating func finish() throws -> SplitIndex {
    let contentByteCount = table.contentByteCount
    try padLastChunk()
    if shard.contentByteCount > 0 { try closeShard() }
    try giveFinalNames()
    let fileName = ShardName.documentTable(split)
    try AtomicFile.write(table.bytes, to: "\(folder)/\(fileName)")
    return SplitIndex(
      contentByteCount: contentByteCount, contentID: hasher.id,
      chunkCount: written.reduce(0) { $0 + $1.chunkCount }, documentCount: table.documentCount,
      documentTable: DocumentTableReference(
        fileName: fileName, id: ContentID(of: table.bytes), byteCount: table.bytes.count),
      shards: written)
  }

  private mutating func padLastChunk() throws {
    let excess = shard.contentByteCount % settings.chunkByteCount
    guard excess > 0 else { return }
    try shard.append(repeatElement(Document.separatorByte, count: settings.chunkByteCount - excess))
  }

  private mutating func closeShard() throws {
    let chunkCount = shard.contentByteCount / settings.chunkByteCount
    let bytes = try shard.finish()
    let fileName = ShardFolder.provisionalName(split, written.count)
    try AtomicFile.write(bytes, to: "\(folder)/\(fileName)")
    let firstChunkIndex = written.last.map { $0.firstChunkIndex + $0.chunkCount } ?? 0
    written.append(
      Shard(
        id: ContentID(of: bytes), fileName: fileName, split: split, firstChunkIndex: firstChunkIndex,
        chunkCount: chunkCount, byteCount: bytes.count))
    shard = try SeekableWriter(frameContentByteCount: settings.frameContentByteCount, compressor: compressor)
  }

  private mutating func giveFinalNames() throws {
    for number in written.indices {
      let fileName = ShardName.shard(split, number, of: written.count)
      try AtomicFile.promote("\(folder)/\(written[number].fileName)", to: "\(folder)/\(fileName)")
      written[number].fileName = fileName
    }
  }
}
