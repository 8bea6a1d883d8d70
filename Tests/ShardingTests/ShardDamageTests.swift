import Basics
import Formats
import Foundation
import Lineage
import Sharding
import TestSupport
import Testing

@Suite("Damaged shard sets")
struct ShardDamageTests {
  private let settings = ShardSettings(
    chunkByteCount: 64, frameContentByteCount: 512, shardContentByteCount: 2_048, level: 3)

  /// Three shards of training documents and their folder.
  private func withShardSet(_ body: (String, ShardIndex) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let index = try ShardBuilder.build(
        randomDocuments(16, seed: 4).filter { $0.split == .train }, settings: settings, folder: folder)
      try #require(index.train.shards.count >= 2)
      try await body(folder, index)
    }
  }

  private func messageOfReadingChunk(_ number: Int, folder: String) throws -> String {
    do {
      _ = try ShardReader(folder: folder).chunk(at: number, in: .train)
      return ""
    } catch let error as HintedError {
      #expect(error.hint != nil)
      return error.message
    }
  }

  @Test("Every flipped byte of a shard is noticed when a chunk of it is read")
  func flippedBytes() async throws {
    try await withShardSet { folder, index in
      let shard = index.train.shards[1]
      let path = "\(folder)/\(shard.fileName)"
      let bytes = try AtomicFile.read(path)
      for position in bytes.indices {
        var damaged = bytes
        damaged[position] ^= 1 << UInt8(position % 8)
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        let message = try messageOfReadingChunk(shard.firstChunkIndex, folder: folder)
        #expect(message.contains(shard.fileName), "byte \(position): '\(message)'")
      }
    }
  }

  @Test("The message names the shard, the frame and its chunks")
  func place() async throws {
    try await withShardSet { folder, index in
      let shard = index.train.shards[1]
      let path = "\(folder)/\(shard.fileName)"
      var bytes = try AtomicFile.read(path)
      bytes[shard.byteCount / 2 - 60] ^= 0x40
      try AtomicFile.write(bytes, to: path)
      let number = shard.firstChunkIndex + 3
      let message = try messageOfReadingChunk(number, folder: folder)
      #expect(message.contains("\(shard.fileName): frame 1 of 4"), "\(message)")
      #expect(message.contains("holds train chunks 40 to 47"), "\(message)")
      #expect(message.hasSuffix("while reading train chunk \(number)"), "\(message)")
      let untouched = try ShardReader(folder: folder).chunk(at: 0, in: .train)
      #expect(untouched.index == 0)
    }
  }

  @Test("A shard that is missing, cut, or of another set is refused")
  func otherFiles() async throws {
    try await withShardSet { folder, index in
      let shard = index.train.shards[0]
      let path = "\(folder)/\(shard.fileName)"
      let bytes = try AtomicFile.read(path)
      try AtomicFile.write(bytes.dropLast(5), to: path)
      #expect(try messageOfReadingChunk(0, folder: folder).contains("the index says \(shard.byteCount)"))
      _ = try ShardBuilder.build(randomDocuments(30, seed: 9), settings: settings, folder: "\(folder)/other")
      let others = try ShardReader(folder: "\(folder)/other").index.train.shards
      try AtomicFile.write(try AtomicFile.read("\(folder)/other/\(others[0].fileName)"), to: path)
      #expect(try messageOfReadingChunk(0, folder: folder).contains(shard.fileName))
      try FileManager.default.removeItem(atPath: path)
      #expect(try messageOfReadingChunk(0, folder: folder).contains("cannot open \(path)"))
    }
  }

  @Test("A chunk beyond the end is refused with the count", arguments: [-1, 1_000, Int.max])
  func noSuchChunk(number: Int) async throws {
    try await withShardSet { folder, index in
      let error = #expect(throws: HintedError.self) {
        try ShardReader(folder: folder).chunk(at: number, in: .train)
      }
      #expect(error?.message.contains("there are \(index.train.chunkCount), numbered from 0") == true)
    }
  }

  @Test("An index whose numbers do not fit together is refused")
  func badIndexes() async throws {
    try await withShardSet { folder, index in
      let changes: [(String, (inout ShardIndex) -> Void)] = [
        ("schema", { $0.schema = "alambic.shards/2" }),
        ("separator", { $0.separatorByte = 10 }),
        ("chunk size", { $0.chunkByteCount = 0 }),
        ("frame size", { $0.frameContentByteCount = 100 }),
        ("content size", { $0.train.contentByteCount = Int.max }),
        ("negative content", { $0.train.contentByteCount = -1 }),
        ("chunk count", { $0.train.chunkCount += 1 }),
        ("document count", { $0.train.documentCount = -1 }),
        ("path traversal", { $0.train.shards[0].fileName = "../train-00000-of-00001.zst" }),
        ("table's path", { $0.train.documentTable.fileName = "/etc/passwd" }),
        ("missing shard", { _ = $0.train.shards.popLast() }),
        ("shard's chunks", { $0.train.shards[0].chunkCount = Int.max }),
        ("shard's first chunk", { $0.train.shards[1].firstChunkIndex = Int.min }),
        ("shard's split", { $0.train.shards[0].split = .heldOut }),
      ]
      for (name, change) in changes {
        var changed = index
        change(&changed)
        try AtomicFile.write(try CanonicalJSON.encode(changed), to: "\(folder)/index.json")
        #expect(throws: HintedError.self, "\(name)") { try ShardReader(folder: folder) }
      }
    }
  }

  @Test("An index that is cut or no JSON is refused")
  func brokenIndexFiles() async throws {
    try await withShardSet { folder, _ in
      let bytes = try AtomicFile.read("\(folder)/index.json")
      for broken in [[], [0, 1, 2], Array("[]".utf8), Array(bytes.dropLast(bytes.count / 2))] {
        try AtomicFile.write(broken, to: "\(folder)/index.json")
        #expect(throws: HintedError.self) { try ShardReader(folder: folder) }
      }
    }
  }

  @Test("A forger who writes a fitting index is found by reading the documents")
  func forgedTable() async throws {
    try await withShardSet { folder, index in
      let path = "\(folder)/\(index.train.documentTable.fileName)"
      var forged = try AtomicFile.read(path)
      // The first digest's first byte.
      forged[32] ^= 1
      try AtomicFile.write(forged, to: path)
      var changed = index
      changed.train.documentTable.id = ContentID(of: forged)
      try changed.write(toFolder: folder)
      let reader = try ShardReader(folder: folder)
      _ = try reader.content(of: .train)
      let error = #expect(throws: HintedError.self) { try reader.verify() }
      #expect(error?.message.contains("document 0 is not what bytes 0 to") == true)
    }
  }

  @Test("A document table that is damaged in any byte is refused")
  func damagedTable() async throws {
    try await withShardSet { folder, index in
      let path = "\(folder)/\(index.train.documentTable.fileName)"
      let bytes = try AtomicFile.read(path)
      for position in stride(from: 0, to: bytes.count, by: 7) {
        var damaged = bytes
        damaged[position] ^= 0x80
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        #expect(throws: HintedError.self) { try ShardReader(folder: folder).documents(inChunk: 0, of: .train) }
        // Without the index's hash the reader must still neither crash nor read past the end.
        if let table = try? DocumentTableReader(path) { _ = try? table.documents(overlapping: 0..<4_096) }
      }
    }
  }
}
