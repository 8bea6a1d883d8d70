import Basics
import Formats
import Foundation
import Lineage
import Sharding
import TestSupport
import Testing
import Training

@Suite("Documents from shards")
struct ShardDocumentsTests {
  /// Pairs of equal letters become one token: a vocabulary that merges nothing across a line end.
  private static let encode: @Sendable ([UInt8]) -> [UInt8] = { text in
    var (tokens, index) = ([UInt8](), 0)
    while index < text.count {
      let isPair = index + 1 < text.count && text[index] == text[index + 1] && text[index] != UInt8(ascii: "\n")
      tokens.append(isPair ? text[index] | 0x80 : text[index])
      index += isPair ? 2 : 1
    }
    return tokens
  }

  /// Some longer than a chunk, some longer than a frame.
  private static let documents = (0..<120).map { number in
    let asked = String(repeating: "oo\(number % 10)", count: [1, 13, 30, 233][number % 4])
    let text = "> ask \(number) " + asked + "?\n< Yeess\(number)\n\nbye"
    return Document(
      sampleID: ContentID(of: "s"), indexInSample: number, split: number % 5 == 0 ? .heldOut : .train,
      repeats: 1 + number % 7, text: number % 11 == 0 ? "lines without end \(number)" : text)
  }

  private func withShards(_ body: (String) throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let settings = ShardSettings(
        chunkByteCount: 64, frameContentByteCount: 512, shardContentByteCount: 2048, level: 3)
      _ = try ShardBuilder.build(Self.documents, settings: settings, folder: folder)
      try body(folder)
    }
  }

  @Test(
    "They are the documents in memory, in any order and with any room for caches",
    arguments: [0, 300, 2_000, 1 << 20], [nil, ReplyBoundary.afterFirstLine, .after(mark: "\n< ")])
  func documents(cacheByteCount: Int, reply: ReplyBoundary?) async throws {
    try await withShards { folder in
      for split in Split.allCases {
        let expected = Self.documents.filter { $0.split == split }.map {
          TokenDocument(text: Array($0.text.utf8), repeats: $0.repeats, reply: reply, encode: Self.encode)
        }
        let source = try ShardDocuments(
          folder: folder, split: split, reply: reply, cacheByteCount: cacheByteCount, encode: Self.encode)
        #expect(source.documentCount == expected.count)
        var (generator, tokens) = (SeededGenerator(seed: 3), [UInt8]())
        for _ in 0..<3 * expected.count {
          let index = generator.below(expected.count)
          let replyStart = try source.read(index, into: &tokens)
          let found = TokenDocument(tokens: tokens, replyStart: replyStart, repeats: try source.repeats(of: index))
          #expect(found == expected[index])
        }
      }
    }
  }

  @Test("Prompt and reply encoded apart are the whole encoded, since nothing merges across a line end")
  func apart() {
    for document in Self.documents {
      let text = Array(document.text.utf8)
      let apart = TokenDocument(text: text, reply: .afterFirstLine, encode: Self.encode)
      #expect(apart.tokens == Self.encode(text))
      if let start = apart.replyStart { #expect(apart.tokens[start - 1] == UInt8(ascii: "\n")) }
    }
  }

  @Test("A run over shards leaves the bytes of a run in memory, but for the data's name")
  func training() async throws {
    try await withShards { folder in
      func source(_ split: Split) throws -> ShardDocuments {
        try ShardDocuments(folder: folder, split: split, reply: .afterFirstLine, cacheByteCount: 1000)
      }
      func list(_ split: Split) throws -> DocumentList {
        try DocumentList(
          Self.documents.filter { $0.split == split }.map {
            TokenDocument(text: Array($0.text.utf8), repeats: $0.repeats, reply: .afterFirstLine)
          })
      }
      func finished(_ data: TrainingData) throws -> Checkpoint {
        let trainer = try Trainer(
          shape: TrainingFixture.shape, settings: DocumentFixture.settings, data: data, threadCount: 2)
        try trainer.run()
        return trainer.checkpoint()
      }
      var shards = try finished(TrainingData(train: source(.train), heldOut: source(.heldOut), window: 24))
      let memory = try finished(TrainingData(train: list(.train), heldOut: list(.heldOut), window: 24))
      #expect(shards.dataID != memory.dataID)
      shards.dataID = memory.dataID
      #expect(shards == memory)
    }
  }

  @Test(
    "A variation changes what stands before the reply, anew at each draw, and never what is measured",
    arguments: [0, 300, 1 << 20])
  func variation(cacheByteCount: Int) async throws {
    try await withShards { folder in
      let varied = ShardDocuments.Variation(id: ContentID(of: "v")) { prompt, random in
        prompt + [UInt8(ascii: "a") + UInt8(random.below(26))]
      }
      let source = try ShardDocuments(
        folder: folder, split: .train, reply: .afterFirstLine, variation: varied, cacheByteCount: cacheByteCount,
        encode: Self.encode)
      let texts = Self.documents.filter { $0.split == .train }.map { Array($0.text.utf8) }
      var tokens: [UInt8] = []
      for (index, text) in texts.enumerated() {
        let plain = TokenDocument(text: text, reply: .afterFirstLine, encode: Self.encode)
        #expect(try source.read(index, into: &tokens) == plain.replyStart && tokens == plain.tokens)
        var found: Set<[UInt8]> = []
        for draw in 0..<40 as Range<UInt64> {
          let random = SeededGenerator(seed: 1).stream(draw)
          let replyStart = try source.read(index, varied: random, into: &tokens)
          guard let start = ReplyBoundary.afterFirstLine.replyStart(in: text) else {
            #expect(replyStart == nil && tokens == plain.tokens)
            continue
          }
          var same = random
          let prompt = Self.encode(varied.prompt(Array(text[..<start]), &same))
          #expect(replyStart == prompt.count && tokens == prompt + Self.encode(Array(text[start...])))
          found.insert(tokens)
        }
        #expect(found.isEmpty || found.count > 10)
      }
    }
  }

  @Test("The name tells reply, vocabulary and content apart")
  func identity() async throws {
    try await withShards { folder in
      let plain = try ShardDocuments(folder: folder, split: .train).id
      #expect(try ShardDocuments(folder: folder, split: .train, cacheByteCount: 5).id == plain)
      let others = try [
        ShardDocuments(folder: folder, split: .heldOut).id,
        ShardDocuments(folder: folder, split: .train, reply: .afterFirstLine).id,
        ShardDocuments(folder: folder, split: .train, vocabularyID: ContentID(of: "v")).id,
        ShardDocuments(
          folder: folder, split: .train, variation: ShardDocuments.Variation(id: ContentID(of: "v")) { text, _ in text }
        ).id,
      ]
      #expect(Set(others + [plain]).count == 5)
    }
  }

  @Test("A damaged frame is an error of the step that reads it")
  func damage() async throws {
    try await withShards { folder in
      let source = try ShardDocuments(folder: folder, split: .train, cacheByteCount: 0)
      let name = try #require(ShardReader(folder: folder).index.train.shards.first?.fileName)
      var bytes = try AtomicFile.read("\(folder)/\(name)")
      bytes[20] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      var tokens: [UInt8] = []
      #expect(throws: HintedError.self) { try source.read(0, into: &tokens) }
    }
  }
}
