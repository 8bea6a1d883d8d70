import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport

/// A small valid file of each of our formats, and how it is read.
package enum SmallFile: String, CaseIterable, Sendable {
  case atome01 = "ATOME01 image"
  case atome02 = "ATOME02 image"
  case integer = "ATOMEQ01 image"
  case checkpoint, bundle
  case gptCheckpoint = "GPT checkpoint"
  case llama = "llama2.c model"
  case llamaTokenizer = "llama2.c tokenizer"
  case seekable = "seekable zstd"
  case records = "documents"
  case documentTable = "document table"
  case shardIndex = "shard index"
  case vectors
  case sampledVectors = "vectors of version 2"
  case textVectors = "vectors of version 3"
  case transcript
  case textTranscript = "transcript of version 3"
  case recipe, teacher

  /// Formats whose own checksums vouch for every byte. Of the others, a document table and a shard are vouched for by
  /// the hashes in their index; a documents file by the checksums of its zstd frames, but not the frames' headers; the
  /// index, older vectors, transcripts, recipes and teachers by nothing.
  package static let checksummed: [SmallFile] = [.integer, .checkpoint, .gptCheckpoint, .seekable, .textVectors]
  /// Formats that say how long they are. An index lacks nothing without its last line feed; a recipe is text.
  package static let bounded: [SmallFile] = [
    .integer, .checkpoint, .gptCheckpoint, .llama, .llamaTokenizer, .seekable, .bundle, .documentTable, .transcript,
    .vectors, .sampledVectors, .textVectors, .textTranscript,
  ]

  package func bytes() throws -> [UInt8] {
    switch self {
    case .atome01: Self.image(.atome01)
    case .atome02: Self.image(.atome02)
    case .integer:
      IntegerImageFile.write(
        RandomModel.makeInteger(seed: 1, shape: RandomModel.small, cache: .int8), provenance: ContentID(of: "x"))
    case .checkpoint: try Self.smallCheckpoint(Self.shape).encoded()
    case .gptCheckpoint: try Self.smallCheckpoint(Self.gptShape).encoded()
    case .llama: Self.smallLlama
    case .llamaTokenizer: Self.smallTokenizer
    case .bundle:
      try SealedBundle(
        name: "t", files: [BundleFile(path: "README.txt", text: "read"), BundleFile(path: "a/b.bin", bytes: [0, 1])]
      ).archive()
    case .seekable: try Self.seekable(Array("abc abc abc abd".utf8))
    case .records:
      try RecordFile.encode([
        Document(sampleID: ContentID(of: "s"), indexInSample: 0, split: .train, repeats: 2, text: "é\n")
      ])
    case .documentTable: Self.table.bytes
    case .shardIndex: Array(try CanonicalJSON.pretty(Self.index).utf8)
    case .vectors: try Self.smallVectors.bytes
    case .sampledVectors:
      try VerificationVectors(
        prompts: [[65], [66]], generatedByteCount: 2, contextLength: 4,
        sampling: Sampling(temperature: 1000, topK: 40, topP: 950, seed: 1), greedyPromptCount: 1, hasLogits: false
      ).bytes
    case .textVectors: try Self.smallTextVectors.bytes
    case .transcript: try Self.smallTranscript
    case .textTranscript: try Self.smallTextTranscript
    case .recipe: try AtomicFile.read("\(PackageRoot.path)/Corpora/thermostat/recipe.yaml")
    case .teacher: try AtomicFile.read("\(PackageRoot.path)/teachers/anthropic.yaml")
    }
  }

  /// Reads all of a file.
  /// - Parameter path: where readers that want a file on disk find one; it is overwritten.
  package func read(_ bytes: [UInt8], path: String) throws {
    switch self {
    case .atome01, .atome02: _ = try AtomeImageFile.read(bytes, name: "x")
    case .integer: _ = try IntegerImageFile.read(bytes, name: "x")
    case .checkpoint: _ = try Checkpoint(decoding: bytes, name: "x")
    case .gptCheckpoint: _ = try GPTCheckpoint(decoding: bytes, name: "x")
    case .llama: _ = try LlamaModel(decoding: bytes, name: "x")
    case .llamaTokenizer: _ = try LlamaTokenizer(decoding: bytes, count: 260, name: "x").encode("aé ".utf8)
    case .bundle: _ = try BundleReader.read(bytes, name: "x")
    case .seekable:
      let reader = try SeekableReader(try Self.onDisk(bytes, path))
      for frame in 0..<reader.frameCount { _ = try reader.content(ofFrame: frame) }
    case .records: _ = try RecordFile.read(Document.self, Self.onDisk(bytes, path).path)
    case .documentTable:
      let reader = try DocumentTableReader(try Self.onDisk(bytes, path).path)
      _ = try reader.documents(overlapping: 0..<9)
      for index in 0..<reader.documentCount { _ = try reader.document(at: index) }
    case .shardIndex: _ = try ShardIndex(readFrom: try Self.onDisk(bytes, path).path)
    case .vectors, .sampledVectors, .textVectors: _ = try VerificationVectors(reading: bytes, name: "x")
    case .transcript: _ = try Transcript(reading: bytes, name: "x", answering: Self.smallVectors)
    case .textTranscript: _ = try Transcript(reading: bytes, name: "x", answering: Self.smallTextVectors)
    case .recipe: _ = try RecipeFile.parse(String(decoding: bytes, as: UTF8.self), name: "x")
    case .teacher: _ = try TeacherProfileFile.parse(String(decoding: bytes, as: UTF8.self), name: "x")
    }
  }

  /// The file with checksums that fit its content again, so that a reader goes on to all other checks.
  package func mended(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .atome01 where bytes.count > AtomeTrailer.byteCount, .atome02 where bytes.count > AtomeTrailer.byteCount:
      let body = bytes.dropLast(AtomeTrailer.byteCount)
      var trailer = Array(bytes.suffix(AtomeTrailer.byteCount))
      trailer.replaceSubrange(28..<32, with: Self.word(CRC32.checksum(body)))
      trailer.replaceSubrange(32..<64, with: ContentID(of: body).digest)
      trailer.replaceSubrange(96..<100, with: Self.word(CRC32.checksum(trailer[..<96])))
      return body + trailer
    case .integer where bytes.count > 4, .textVectors where bytes.count > 4:
      let body = bytes.dropLast(4)
      return body + Self.word(CRC32.checksum(body))
    case .checkpoint where bytes.count > 32, .gptCheckpoint where bytes.count > 32:
      let body = bytes.dropLast(32)
      return body + ContentID(of: body).digest
    default: return bytes
    }
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func onDisk(_ bytes: [UInt8], _ path: String) throws -> RandomAccessFile {
    // Not `AtomicFile`, which waits for the disk.
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try RandomAccessFile(path)
  }
}

// MARK: - Contents

extension SmallFile {
  private static let shape = AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1)

  private static func image(_ packing: AtomePacking) -> [UInt8] {
    AtomeImageFile.write(
      RandomModel.make(seed: 1, shape: shape), packing: packing, provenance: ContentID(of: "x"))
  }

  private static let gptShape = GPTShape(
    modelWidth: 2, layerCount: 1, headCount: 2, feedForwardWidth: 1, contextLength: 8)

  private static func smallCheckpoint<Shape: StoredShape>(_ shape: Shape) -> TrainingCheckpoint<Shape> {
    let zeros = [Float](repeating: 0, count: Shape.Layout(shape).count)
    return TrainingCheckpoint(
      shape: shape,
      settings: TrainingSettings(
        recipe: "test", stepCount: 2, batchCount: 1, windowTokenCount: 8, seed: 0, initialScale: 1, learningRate: 0.01,
        warmUpStepCount: 0, schedule: .constant, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, muon: nil,
        scales: .learned, clipNorm: nil, evaluationInterval: 1),
      dataID: ContentID(of: "data"), step: 1, generator: SeededGenerator(seed: 1), parameters: zeros,
      firstMoment: zeros, secondMoment: zeros)
  }

  /// Width 2, one layer, one head, three tokens, two positions; all numbers are 0.
  private static var smallLlama: [UInt8] {
    let header: [Int32] = [2, 1, 1, 1, 1, 3, 2]
    let floatCount = 3 * 2 + 2 + 4 * 4 + 2 + 3 * 2 + 2 + 2 * 2
    return header.flatMap { word(UInt32(bitPattern: $0)) } + [UInt8](repeating: 0, count: 4 * floatCount)
  }

  private static var smallTokenizer: [UInt8] {
    let tokens = ["<unk>", "<s>", "</s>"] + (0..<256).map { "<0x\($0)>" } + [" "]
    return word(7)
      + tokens.flatMap { word(Float(0).bitPattern) + word(UInt32($0.utf8.count)) + Array($0.utf8) }
  }

  private static func seekable(_ content: [UInt8]) throws -> [UInt8] {
    var writer = try SeekableWriter(frameContentByteCount: 8, compressor: try ZstdCompressor(level: 3))
    try writer.append(content)
    return try writer.finish()
  }

  private static var table: DocumentTableWriter {
    var writer = DocumentTableWriter()
    for (index, text) in ["one", "two", "three"].enumerated() {
      writer.append(ContentID(of: text), byteCount: text.utf8.count + 1, repeats: 1 + index)
    }
    return writer
  }

  private static var index: ShardIndex {
    ShardIndex(
      chunkByteCount: 8, frameContentByteCount: 16, compressor: "libzstd", train: split(.train),
      heldOut: split(.heldOut))
  }

  private static func split(_ split: Split) -> SplitIndex {
    SplitIndex(
      contentByteCount: 14, contentID: ContentID(of: "content"), chunkCount: 2, documentCount: 3,
      documentTable: DocumentTableReference(
        fileName: ShardName.documentTable(split), id: ContentID(of: "table"), byteCount: 152),
      shards: [
        Shard(
          id: ContentID(of: "shard"), fileName: ShardName.shard(split, 0, of: 1), split: split, firstChunkIndex: 0,
          chunkCount: 2, byteCount: 60)
      ])
  }

  private static var smallVectors: VerificationVectors {
    get throws {
      try VerificationVectors(prompts: [[65], Array("é: \u{1F525}".utf8)], generatedByteCount: 2, contextLength: 4)
    }
  }

  private static var smallTextVectors: VerificationVectors {
    get throws {
      try VerificationVectors(
        prompts: [[65]], generatedByteCount: 1, contextLength: 4, hasLogits: false, texts: [Array("the".utf8), [255]])
    }
  }

  private static var smallTextTranscript: [UInt8] {
    get throws {
      let th = Transcript.Token(token: 128, text: Array("th".utf8))
      let e = Transcript.Token(token: 101, text: [101])
      let unknown = Transcript.Token(token: 255, text: [])
      return Transcript(
        answers: [Transcript.Answer(generated: [65], logitBits: [])],
        textAnswers: [
          Transcript.TextAnswer(steps: [[], [th], [e], []]), Transcript.TextAnswer(steps: [[unknown], []]),
        ]
      ).bytes(answering: try smallTextVectors)
    }
  }

  private static var smallTranscript: [UInt8] {
    get throws {
      let vectors = try smallVectors
      let answers = vectors.prompts.indices.map { index in
        Transcript.Answer(
          generated: [65, 66],
          logitBits: (0..<vectors.positionCount(ofPrompt: index) * 256).map { Float($0).bitPattern })
      }
      return Transcript(answers: answers).bytes(answering: vectors)
    }
  }
}
