import Basics
import Formats
import Foundation
import Lineage
import Sharding
import TestSupport
import Testing

@Suite("What is left of damaged shards")
struct ShardSalvageTests {
  private let settings = ShardSettings(
    chunkByteCount: 64, frameContentByteCount: 256, shardContentByteCount: 1_024, level: 3)

  private struct ShardSet {
    var folder: String
    var index: ShardIndex
    var texts: [[UInt8]]

    func salvage() throws -> (saved: [[UInt8]], report: ShardSalvage.Report) {
      var saved: [[UInt8]] = []
      let report = try ShardSalvage(folder: folder).run { saved.append($0.text) }
      return (saved, report)
    }

    /// Positions of documents with a byte in a range of the content.
    func documents(in range: Range<Int>) throws -> Set<Int> {
      let spans = try ShardReader(folder: folder).documentTable(of: .train)
      return Set(try texts.indices.filter { try spans.document(at: $0).contentRange.overlaps(range) })
    }
  }

  private func withShardSet(_ body: (ShardSet) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let documents = randomDocuments(24, seed: 4).filter { $0.split == .train }
      let index = try ShardBuilder.build(documents, settings: settings, folder: folder)
      try #require(index.train.shards.count >= 2)
      try await body(ShardSet(folder: folder, index: index, texts: documents.map { Array($0.text.utf8) }))
    }
  }

  @Test("a whole set gives all documents")
  func whole() async throws {
    try await withShardSet { set in
      let (saved, report) = try set.salvage()
      #expect(saved == set.texts && report.gapCount == 0 && report.lost[.train] == [])
    }
  }

  /// A flip harms one frame, or the seek table and none.
  @Test("a flip of any byte of a shard costs the documents of one frame, at most")
  func flips() async throws {
    try await withShardSet { set in
      let shard = set.index.train.shards[1]
      let path = "\(set.folder)/\(shard.fileName)"
      let bytes = try AtomicFile.read(path)
      let reader = try SeekableReader(try RandomAccessFile(path))
      let shardStart = shard.firstChunkIndex * settings.chunkByteCount
      let frames = try (0..<reader.frameCount).map { frame in
        let range = reader.contentRange(ofFrame: frame)
        return try set.documents(in: range.lowerBound + shardStart..<range.upperBound + shardStart)
      }
      for position in bytes.indices {
        var damaged = bytes
        damaged[position] ^= 1 << UInt8(position % 8)
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        let (saved, report) = try set.salvage()
        let lost = Set(report.lost[.train] ?? [])
        #expect(saved == set.texts.indices.filter { !lost.contains($0) }.map { set.texts[$0] })
        #expect(lost.isEmpty || frames.contains { lost.isSubset(of: $0) }, "byte \(position): \(lost)")
      }
    }
  }

  @Test("a shard that ends anywhere costs what stood behind")
  func truncations() async throws {
    try await withShardSet { set in
      let shard = set.index.train.shards[1]
      let path = "\(set.folder)/\(shard.fileName)"
      let bytes = try AtomicFile.read(path)
      var before = 0
      for count in bytes.indices {
        try Data(bytes[..<count]).write(to: URL(fileURLWithPath: path))
        let (saved, report) = try set.salvage()
        let lost = Set(report.lost[.train] ?? [])
        #expect(saved == set.texts.indices.filter { !lost.contains($0) }.map { set.texts[$0] })
        #expect(saved.count >= before, "the longer the more")
        before = saved.count
      }
      #expect(before == set.texts.count)
    }
  }

  @Test("neither the index, nor a table, nor a shard is needed for the others")
  func missing() async throws {
    try await withShardSet { set in
      try AtomicFile.write("{", to: "\(set.folder)/\(ShardIndex.fileName)")
      #expect(try set.salvage().saved == set.texts)
      let table = "\(set.folder)/train.documents"
      var bytes = try AtomicFile.read(table)
      bytes.removeLast()
      try AtomicFile.write(bytes, to: table)
      let (saved, report) = try set.salvage()
      #expect(saved == set.texts && report.unreadableTables == [table])
      try FileManager.default.removeItem(atPath: "\(set.folder)/\(set.index.train.shards[1].fileName)")
      let rest = try set.salvage()
      #expect(rest.report.gapCount == 1 && rest.saved.count > 3 && Set(rest.saved).isSubset(of: Set(set.texts)))
    }
  }
}
