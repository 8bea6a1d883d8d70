import Basics
import Lineage

extension ShardReader {
  /// Hands out a split's chunks in order.
  public func forEachChunk(in split: Split, _ body: (Chunk) throws -> Void) throws {
    for number in 0..<index[split].chunkCount { try body(try chunk(at: number, in: split)) }
  }

  /// All bytes of a split: documents, each with its separator, without padding.
  /// - Throws: `HintedError` for damage, and when the whole is not the content that the index names.
  public func content(of split: Split) throws -> [UInt8] {
    let entry = index[split]
    var content: [UInt8] = []
    try forEachChunk(in: split) { chunk in
      content += chunk.bytes.prefix(contentByteCount(ofChunk: chunk.index, in: split))
    }
    guard ContentID(of: content) == entry.contentID else { throw foreignContent(of: split) }
    return content
  }

  /// Reads every byte of the set once and checks all that the index says: files, frames, content, padding, documents.
  /// - Throws: `HintedError` for the first thing that is wrong.
  public func verify() throws {
    for split in Split.allCases { try verify(split) }
  }

  private func verify(_ split: Split) throws {
    var hasher = ContentHasher()
    var checker = DocumentChecker(table: try documentTable(of: split), separator: index.separatorByte)
    try forEachChunk(in: split) { chunk in
      let content = Array(chunk.bytes.prefix(contentByteCount(ofChunk: chunk.index, in: split)))
      hasher.update(content)
      try checker.take(content)
      guard chunk.bytes.dropFirst(content.count).allSatisfy({ $0 == index.separatorByte }) else {
        throw HintedError(
          "\(folder): \(split.rawValue) chunk \(chunk.index) is padded with other bytes than separators")
      }
    }
    guard hasher.id == index[split].contentID else { throw foreignContent(of: split) }
    try checker.finish()
  }

  private func foreignContent(of split: Split) -> HintedError {
    HintedError(
      "\(folder): the content of \(split.rawValue) is not the one that the index names",
      hint: "index and shards belong to different sets; shard the documents again")
  }
}

extension ShardReader {
  /// Finds a chunk by its content id, looking through every split.
  /// - Returns: nil when no chunk has that id.
  public func findChunk(_ id: ContentID) throws -> (split: Split, chunk: Chunk)? {
    for split in Split.allCases {
      for number in 0..<index[split].chunkCount {
        let chunk = try chunk(at: number, in: split)
        if chunk.id == id { return (split, chunk) }
      }
    }
    return nil
  }
}
