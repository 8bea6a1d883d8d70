import Basics
import Formats
import Lineage
import TestSupport
import Testing

/// Every limit of docs/formats/shard.md, from tables: at the limit readers take a file, and beyond it they refuse it.
@Suite("Limits of shards")
struct ShardLimitTests {
  // MARK: - The seek table

  /// A file of two frames of 100 bytes; its table takes 8 + 2 · 12 + 9 bytes.
  private static func seekable() throws -> [UInt8] {
    var writer = try SeekableWriter(frameContentByteCount: 100, compressor: ZstdCompressor(level: 3))
    try writer.append((0..<200).map { UInt8($0 % 7) })
    return try writer.finish()
  }

  private func reader(_ bytes: [UInt8], in folder: String) throws -> SeekableReader {
    try AtomicFile.write(bytes, to: "\(folder)/a.zst")
    return try SeekableReader(RandomAccessFile("\(folder)/a.zst"))
  }

  struct TableLimit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// From the file's end.
    var offset: Int
    var within: [UInt8]
    var beyond: [UInt8]
  }

  static let tableLimits = [
    TableLimit(
      testDescription: "a frame's content", offset: 9 + 8, within: [0, 0, 0, 1], beyond: [1, 0, 0, 1]),
    TableLimit(testDescription: "a frame's content", offset: 9 + 8, within: [1, 0, 0, 0], beyond: [0, 0, 0, 0]),
    TableLimit(testDescription: "frames", offset: 9, within: [2, 0, 0, 0], beyond: [1, 0, 0, 0]),
    TableLimit(testDescription: "frames", offset: 9, within: [2, 0, 0, 0], beyond: [3, 0, 0, 0]),
    TableLimit(testDescription: "descriptor", offset: 5, within: [0x80], beyond: [0x81]),
    TableLimit(testDescription: "descriptor", offset: 5, within: [0x80], beyond: [0]),
    TableLimit(testDescription: "magic", offset: 4, within: [0xB1], beyond: [0xB2]),
    TableLimit(testDescription: "skippable frame's size", offset: 37, within: [33], beyond: [34]),
    TableLimit(testDescription: "skippable magic", offset: 41, within: [0x5E], beyond: [0x5F]),
  ]

  @Test("a seek table at its limit is taken, and the next one refused", arguments: tableLimits)
  func table(limit: TableLimit) async throws {
    let whole = try Self.seekable()
    try await withTemporaryFolder { folder in
      for (value, isWithin) in [(limit.within, true), (limit.beyond, false)] {
        var bytes = whole
        let start = bytes.count - limit.offset
        bytes.replaceSubrange(start..<start + value.count, with: value)
        #expect(((try? reader(bytes, in: folder)) != nil) == isWithin, "\(value)")
      }
    }
  }

  @Test("nothing stands between frames and seek table, nor is missing there")
  func gap() async throws {
    let whole = try Self.seekable()
    let table = whole.count - 41
    try await withTemporaryFolder { folder in
      let opened = try reader(whole, in: folder)
      #expect(opened.frameCount == 2)
      for count in [1, 12] {
        var longer = whole
        longer.insert(contentsOf: repeatElement(0, count: count), at: table)
        let tooLong = longer
        #expect(throws: HintedError.self) { try reader(tooLong, in: folder) }
        var shorter = whole
        shorter.removeSubrange(table - count..<table)
        #expect(throws: HintedError.self) { try reader(shorter, in: folder) }
      }
    }
  }

  @Test("a frame whose checksum in the seek table is another one is refused, alone")
  func checksum() async throws {
    var bytes = try Self.seekable()
    bytes[bytes.count - 9 - 4] ^= 1
    try await withTemporaryFolder { folder in
      let reader = try reader(bytes, in: folder)
      #expect(try reader.content(ofFrame: 0).count == 100)
      let error = #expect(throws: HintedError.self) { try reader.content(ofFrame: 1) }
      #expect(error?.message.contains("checksum is not the seek table's") == true)
    }
  }

  // MARK: - The index

  /// An index whose training side has so many bytes and documents in one shard.
  private static func index(
    chunk: Int = 256, frame: Int = 1024, content: Int = 1000, documents: Int = 10, chunks: Int? = nil,
    _ change: (inout ShardIndex) -> Void = { _ in }
  ) -> ShardIndex {
    let count = chunks ?? (content + chunk - 1) / max(chunk, 1)
    func side(_ split: Split, _ content: Int, _ chunks: Int, _ documents: Int) -> SplitIndex {
      let shards = [
        Shard(
          id: ContentID(of: "shard"), fileName: ShardName.shard(split, 0, of: 1), split: split, firstChunkIndex: 0,
          chunkCount: chunks, byteCount: 1)
      ]
      return SplitIndex(
        contentByteCount: content, contentID: ContentID(of: "content"), chunkCount: chunks, documentCount: documents,
        documentTable: DocumentTableReference(
          fileName: ShardName.documentTable(split), id: ContentID(of: "table"), byteCount: 32),
        shards: chunks == 0 ? [] : shards)
    }
    var index = ShardIndex(
      chunkByteCount: chunk, frameContentByteCount: frame, compressor: "libzstd",
      train: side(.train, content, count, documents), heldOut: side(.heldOut, 0, 0, 0))
    change(&index)
    return index
  }

  struct IndexLimit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var within: ShardIndex
    var beyond: ShardIndex

    init(_ name: String, _ within: ShardIndex, _ beyond: ShardIndex) {
      (testDescription, self.within, self.beyond) = (name, within, beyond)
    }
  }

  static let indexLimits = [
    IndexLimit("largest chunk", index(chunk: 65_536, frame: 65_536), index(chunk: 65_537, frame: 65_537)),
    IndexLimit("least chunk", index(chunk: 1, frame: 1), index(chunk: 0, frame: 1, chunks: 4)),
    IndexLimit("largest frame", index(frame: 16 << 20), index(frame: 16 << 20 + 256)),
    IndexLimit("least frame", index(frame: 256), index(frame: 128)),
    IndexLimit("whole chunks a frame", index(frame: 512), index(frame: 513)),
    IndexLimit("most content", index(content: 1 << 40), index(content: 1 << 40 + 1)),
    IndexLimit("least content", index(content: 1, documents: 1), index(content: -1, documents: 0, chunks: 0)),
    IndexLimit("most documents", index(documents: 1000), index(documents: 1001)),
    IndexLimit("least documents", index(documents: 0), index(documents: -1)),
    IndexLimit("chunks", index(content: 1024, chunks: 4), index(content: 1025, chunks: 4)),
    IndexLimit("chunks", index(content: 769, chunks: 4), index(content: 768, chunks: 4)),
    IndexLimit("a shard's chunks", index(), index { $0.train.shards[0].chunkCount += 1 }),
    IndexLimit("a shard's chunks", index(), index { $0.train.shards[0].chunkCount -= 1 }),
    IndexLimit("a shard's first chunk", index(), index { $0.train.shards[0].firstChunkIndex = 1 }),
    IndexLimit("a shard's split", index(), index { $0.train.shards[0].split = .heldOut }),
    IndexLimit("a shard's name", index(), index { $0.train.shards[0].fileName = "train-00000-of-00002.zst" }),
    IndexLimit("the table's name", index(), index { $0.train.documentTable.fileName = "held-out.documents" }),
    IndexLimit("separator", index(), index { $0.separatorByte = 1 }),
    IndexLimit("schema", index(), index { $0.schema = "alambic.shards/2" }),
  ]

  @Test("an index at its limit is taken, and the next one refused", arguments: indexLimits)
  func indices(limit: IndexLimit) throws {
    try limit.within.checkInvariants(name: "index.json")
    #expect(throws: HintedError.self) { try limit.beyond.checkInvariants(name: "index.json") }
  }

  // MARK: - The document table

  @Test(
    "a document table at its limit is taken, and the next one refused",
    arguments: [
      (8, [2, 0, 0, 0] as [UInt8], [3, 0, 0, 0] as [UInt8]), (8, [2], [1]), (12, [44], [43]), (12, [44], [45]),
      (16, [2], [1]), (16, [2], [3]), (24, [5, 0, 0, 0, 0, 0, 0, 0x7F], [5, 0, 0, 0, 0, 0, 0, 0x80]),
    ])
  func documentTable(offset: Int, within: [UInt8], beyond: [UInt8]) async throws {
    var writer = DocumentTableWriter()
    writer.append(ContentID(of: "a"), byteCount: 2)
    writer.append(ContentID(of: "b"), byteCount: 3)
    let whole = writer.bytes
    try await withTemporaryFolder { folder in
      for (value, isWithin) in [(within, true), (beyond, false)] {
        var bytes = whole
        bytes.replaceSubrange(offset..<offset + value.count, with: value)
        try AtomicFile.write(bytes, to: "\(folder)/t")
        #expect(((try? DocumentTableReader("\(folder)/t")) != nil) == isWithin, "\(value) at \(offset)")
      }
    }
  }
}
