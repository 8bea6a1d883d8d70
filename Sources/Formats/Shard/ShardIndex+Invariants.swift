import Basics
import Lineage

extension ShardIndex {
  public static let largestChunk = 1 << 16

  /// All that must hold between an index's fields, whatever the shards hold.
  /// - Parameter name: the index's path, for messages.
  /// - Throws: `HintedError` for the first rule that is broken.
  public func checkInvariants(name: String) throws {
    func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
      if !holds { throw HintedError("\(name): \(what())", hint: "the index is damaged; shard the documents again") }
    }
    guard schema == Self.currentSchema else {
      throw HintedError(
        "\(name): the schema is '\(schema)', not '\(Self.currentSchema)'",
        hint: "another version of alambic wrote it; shard the documents again")
    }
    try require(separatorByte == Document.separatorByte, "the separator byte is \(separatorByte)")
    try require((1...Self.largestChunk).contains(chunkByteCount), "chunks of \(chunkByteCount) bytes")
    try require(
      (chunkByteCount...SeekableWriter.largestFrame).contains(frameContentByteCount)
        && frameContentByteCount.isMultiple(of: chunkByteCount),
      "frames of \(frameContentByteCount) bytes do not hold whole chunks of \(chunkByteCount)")
    for split in Split.allCases {
      try self[split].checkInvariants(split, chunkByteCount: chunkByteCount, require)
    }
  }
}

extension SplitIndex {
  /// Counts are bounded before they are used, so that no arithmetic on them overflows.
  private static let largestCount = 1 << 40

  fileprivate func checkInvariants(
    _ split: Split, chunkByteCount: Int, _ require: (Bool, @autoclosure () -> String) throws -> Void
  ) throws {
    let name = split.rawValue
    try require((0...Self.largestCount).contains(contentByteCount), "\(name) has \(contentByteCount) bytes")
    try require((0...contentByteCount).contains(documentCount), "\(name) has \(documentCount) documents")
    let neededCount = (contentByteCount + chunkByteCount - 1) / chunkByteCount
    try require(
      chunkCount == neededCount, "\(name) has \(chunkCount) chunks; its content fills \(neededCount)")
    try require(
      documentTable.fileName == ShardName.documentTable(split),
      "\(name)'s document table is named '\(documentTable.fileName)'")
    var nextChunkIndex = 0
    for (number, shard) in shards.enumerated() {
      let fileName = ShardName.shard(split, number, of: shards.count)
      try require(shard.fileName == fileName, "shard '\(shard.fileName)' should be '\(fileName)'")
      try require(shard.split == split, "\(fileName) is listed for \(name)")
      try require(shard.firstChunkIndex == nextChunkIndex, "\(fileName) should begin with chunk \(nextChunkIndex)")
      try require(
        shard.chunkCount >= 1 && shard.chunkCount <= chunkCount - nextChunkIndex,
        "\(fileName) has \(shard.chunkCount) chunks")
      nextChunkIndex += shard.chunkCount
    }
    try require(nextChunkIndex == chunkCount, "\(name)'s shards hold \(nextChunkIndex) of its \(chunkCount) chunks")
  }
}
