import Basics
import Formats
import Foundation
import Lineage
import Sharding
import TestSupport
import Testing

@Suite("ShardBuilder")
struct ShardBuilderTests {
  /// Small enough that a few hundred documents fill several shards of several frames.
  static let small = ShardSettings(
    chunkByteCount: 64, frameContentByteCount: 1_024, shardContentByteCount: 8_192, level: 3)

  @Test("Chunks without padding are the documents, for random documents", arguments: 0..<12)
  func content(seed: Int) async throws {
    let documents = randomDocuments(seed * 23, seed: UInt64(seed))
    try await withTemporaryFolder { folder in
      let index = try ShardBuilder.build(documents, settings: Self.small, folder: folder)
      let reader = try ShardReader(folder: folder)
      #expect(reader.index == index)
      for split in Split.allCases {
        let expected = expectedContent(of: documents, in: split)
        #expect(try reader.content(of: split) == expected)
        #expect(index[split].contentID == ContentID(of: expected))
        #expect(index[split].documentCount == documents.count { $0.split == split })
        for (position, document) in documents.filter({ $0.split == split }).enumerated() {
          #expect(try reader.text(ofDocument: position, in: split) == Array(document.text.utf8))
          #expect(try reader.documentTable(of: split).document(at: position).repeats == document.repeats)
        }
      }
      try reader.verify()
    }
  }

  @Test("What a killed run left of an older set goes; other files stay")
  func leftovers() async throws {
    try await withTemporaryFolder { folder in
      let old = [
        ".train-0.unfinished.8F0C.partial", ".index.json.8F0C.partial", ".held-out.documents.8F0C.partial",
        "train-3.unfinished", "held-out-00000-of-00002.zst",
      ]
      let others = [".notes.partial", "train.txt", ".hidden", "mine.zst"]
      for name in old + others { try AtomicFile.write("x", to: "\(folder)/\(name)") }
      _ = try ShardBuilder.build(randomDocuments(5, seed: 1), settings: Self.small, folder: folder)
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
      #expect(names.isDisjoint(with: old) && names.isSuperset(of: others))
    }
  }

  @Test("The last chunk is padded with separators, and says how much of it is content")
  func padding() async throws {
    let text = String(repeating: "x", count: 99)
    let document = Document(sampleID: ContentID(of: "s"), indexInSample: 0, split: .train, text: text)
    try await withTemporaryFolder { folder in
      _ = try ShardBuilder.build([document], settings: Self.small, folder: folder)
      let reader = try ShardReader(folder: folder)
      #expect(reader.index.train.chunkCount == 2)
      #expect(reader.contentByteCount(ofChunk: 0, in: .train) == 64)
      #expect(reader.contentByteCount(ofChunk: 1, in: .train) == 36)
      #expect(reader.contentByteCount(ofChunk: 2, in: .train) == 0)
      let last = try reader.chunk(at: 1, in: .train)
      #expect(last.bytes == Array(repeating: UInt8(ascii: "x"), count: 35) + Array(repeating: 0, count: 29))
      #expect(reader.index.heldOut.chunkCount == 0)
      #expect(reader.index.heldOut.shards.isEmpty)
    }
  }

  @Test("Random access gives every chunk that reading in order gives")
  func randomAccess() async throws {
    let documents = randomDocuments(200, seed: 77)
    try await withTemporaryFolder { folder in
      let index = try ShardBuilder.build(documents, settings: Self.small, folder: folder)
      #expect(index.train.shards.count > 3)
      for split in Split.allCases {
        var inOrder: [Chunk] = []
        try ShardReader(folder: folder).forEachChunk(in: split) { inOrder.append($0) }
        #expect(inOrder.map(\.index) == Array(0..<index[split].chunkCount))
        let reader = try ShardReader(folder: folder)
        var generator = SeededGenerator(seed: 3)
        var numbers = Array(inOrder.indices)
        for position in numbers.indices.reversed() { numbers.swapAt(position, generator.below(position + 1)) }
        for number in numbers { #expect(try reader.chunk(at: number, in: split) == inOrder[number]) }
      }
    }
  }

  @Test("A chunk knows its documents, and its id finds it")
  func lineage() async throws {
    let documents = randomDocuments(60, seed: 5, longest: 150)
    try await withTemporaryFolder { folder in
      _ = try ShardBuilder.build(documents, settings: Self.small, folder: folder)
      let reader = try ShardReader(folder: folder)
      let content = expectedContent(of: documents, in: .train)
      let byID = Dictionary(documents.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      for number in 0..<reader.index.train.chunkCount {
        let range = number * 64..<min(content.count, (number + 1) * 64)
        let spans = try reader.documents(inChunk: number, of: .train)
        #expect(spans.first.map { $0.contentRange.contains(range.lowerBound) } == true)
        #expect(spans.last.map { $0.contentRange.contains(range.upperBound - 1) } == true)
        for span in spans {
          let text = try #require(byID[span.id]).text
          #expect(Array(content[span.contentRange]) == Array(text.utf8) + [0])
        }
      }
      let chunk = try reader.chunk(at: 7, in: .train)
      let found = try #require(try reader.findChunk(chunk.id))
      #expect(found.split == .train)
      #expect(found.chunk == chunk)
      #expect(try reader.findChunk(ContentID(of: "no chunk")) == nil)
    }
  }

  @Test("The zstd tool reads the shards, and sha256sum agrees with the index")
  func otherTools() async throws {
    let documents = randomDocuments(120, seed: 8)
    try await withTemporaryFolder { folder in
      let index = try ShardBuilder.build(documents, settings: Self.small, folder: folder)
      let names = index.train.shards.map(\.fileName)
      #expect(names.first == "train-00000-of-0000\(names.count).zst")
      let result = try await runTool("zstd", ["-d", "-c"] + names, in: folder)
      #expect(result.status == 0, "\(result.messages)")
      #expect(Array(result.output.prefix(index.train.contentByteCount)) == expectedContent(of: documents, in: .train))
      for shard in index.train.shards {
        let sum = try await runTool("sha256sum", [shard.fileName], in: folder)
        #expect(String(decoding: sum.output, as: UTF8.self) == "\(shard.id.hex)  \(shard.fileName)\n")
      }
    }
  }

  @Test("The same documents give the same bytes; a smaller set leaves nothing of a larger one behind")
  func deterministic() async throws {
    let documents = randomDocuments(150, seed: 21)
    try await withTemporaryFolder { folder in
      _ = try ShardBuilder.build(
        documents + randomDocuments(200, seed: 22), settings: Self.small, folder: "\(folder)/a")
      try AtomicFile.write("a note", to: "\(folder)/a/NOTE")
      _ = try ShardBuilder.build(documents, settings: Self.small, folder: "\(folder)/a")
      _ = try ShardBuilder.build(documents, settings: Self.small, folder: "\(folder)/b")
      try FileManager.default.removeItem(atPath: "\(folder)/a/NOTE")
      let difference = try await runTool("diff", ["-r", "a", "b"], in: folder)
      #expect(difference.status == 0, "\(String(decoding: difference.output, as: UTF8.self))")
    }
  }

  @Test("Settings that do not fit together are refused")
  func badSettings() async throws {
    let bad = [
      ShardSettings(chunkByteCount: 0), ShardSettings(chunkByteCount: 100), ShardSettings(chunkByteCount: 1 << 17),
      ShardSettings(frameContentByteCount: 128), ShardSettings(shardContentByteCount: 100_000),
      ShardSettings(level: 20),
    ]
    try await withTemporaryFolder { folder in
      for settings in bad {
        let error = #expect(throws: HintedError.self) { try ShardBuilder(settings: settings, folder: folder) }
        #expect(error?.status == .usage)
      }
    }
  }
}
