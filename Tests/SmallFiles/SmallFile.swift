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
  case compact = "ATOMEQ02 image"
  case checkpoint, bundle, vocabulary, score
  case wordedAtome01 = "ATOME01 image with a vocabulary"
  case wordedInteger = "ATOMEQ01 image with a vocabulary"
  case wordedCompact = "ATOMEQ02 image with a vocabulary"
  case compactCheckpoint = "compact checkpoint"
  case wordedCheckpoint = "checkpoint with a vocabulary"
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
  case softLabels = "soft labels"
  case ngrams = "n-gram classifier"
  case recipe, teacher, sweep

  /// Formats whose own checksums vouch for every byte. Of the others, a document table and a shard are vouched for by
  /// the hashes in their index; a documents file by the checksums of its zstd frames, but not the frames' headers; the
  /// index, older vectors, transcripts, recipes and teachers by nothing.
  package static let checksummed: [SmallFile] = [
    .integer, .checkpoint, .gptCheckpoint, .seekable, .vocabulary, .wordedAtome01, .wordedInteger, .wordedCheckpoint,
    .textVectors, .compact, .wordedCompact, .compactCheckpoint, .softLabels, .ngrams,
  ]
  /// Formats that say how long they are. An index lacks nothing without its last line feed; a recipe is text;
  /// no vocabulary section at all means bytes, and the file around it says whether there is one.
  package static let bounded: [SmallFile] = [
    .integer, .checkpoint, .gptCheckpoint, .llama, .llamaTokenizer, .seekable, .bundle, .documentTable, .transcript,
    .vectors, .sampledVectors, .textVectors, .textTranscript, .wordedAtome01, .wordedInteger, .wordedCheckpoint,
    .compact, .wordedCompact, .compactCheckpoint, .softLabels, .ngrams,
  ]

  package func bytes() throws -> [UInt8] {
    switch self {
    case .atome01: Self.image(.atome01)
    case .atome02: Self.image(.atome02)
    case .wordedAtome01: Self.image(.atome01, try Self.words)
    case .integer: Self.integerImage()
    case .wordedInteger: Self.integerImage(try Self.words)
    case .compact: Self.compactImage()
    case .wordedCompact: Self.compactImage(try Self.words)
    case .compactCheckpoint: try Self.smallCheckpoint(RandomModel.smallCompact).encoded()
    case .checkpoint: try Self.smallCheckpoint(Self.shape).encoded()
    case .wordedCheckpoint: try Self.smallCheckpoint(Self.shape, try Self.words).encoded()
    case .gptCheckpoint: try Self.smallCheckpoint(Self.gptShape).encoded()
    case .vocabulary: VocabularyFile.write(try Self.words)
    case .score: Array(try Self.smallScore.json.utf8)
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
    case .softLabels:
      SoftLabels(
        source: ContentID(of: "s"), vocabulary: ContentID(of: "v"), teacher: ContentID(of: "t"),
        labels: [.none, SoftLabel(quantising: [3, 1] + Array(repeating: 0.01, count: 254))]
      ).encoded
    case .ngrams: Self.smallNgrams.bytes
    case .recipe: try AtomicFile.read("\(PackageRoot.path)/Corpora/thermostat/recipe.yaml")
    case .teacher: try AtomicFile.read("\(PackageRoot.path)/teachers/anthropic.yaml")
    case .sweep: Self.smallSweep
    }
  }

  /// Reads all of a file.
  /// - Parameter path: where readers that want a file on disk find one; it is overwritten.
  package func read(_ bytes: [UInt8], path: String) throws {
    switch self {
    case .atome01, .atome02, .wordedAtome01: _ = try AtomeImageFile.read(bytes, name: "x")
    case .integer, .wordedInteger: _ = try IntegerImageFile.read(bytes, name: "x")
    case .compact, .wordedCompact: _ = try CompactImageFile.read(bytes, name: "x")
    case .compactCheckpoint: _ = try TrainingCheckpoint<CompactShape>(decoding: bytes, name: "x")
    case .vocabulary: _ = try VocabularyFile.read(bytes, name: "x")
    case .score: _ = try Score(reading: bytes, name: "x")
    case .checkpoint, .wordedCheckpoint: _ = try Checkpoint(decoding: bytes, name: "x")
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
    case .softLabels:
      let labels = try SoftLabels(decoding: bytes, name: "x")
      for index in 0..<labels.count { _ = labels[index].restUnits }
    case .ngrams: _ = try NgramImage(reading: bytes, name: "x")
    case .recipe: _ = try RecipeFile.parse(String(decoding: bytes, as: UTF8.self), name: "x")
    case .teacher: _ = try TeacherProfileFile.parse(String(decoding: bytes, as: UTF8.self), name: "x")
    case .sweep: _ = try SweepFile(parsing: String(decoding: bytes, as: UTF8.self), name: "x")
    }
  }

  /// The file with checksums that fit its content again, so that a reader goes on to all other checks.
  package func mended(_ bytes: [UInt8]) -> [UInt8] {
    let bytes = Self.withMendedSection(bytes)
    switch self {
    case .atome01 where bytes.count > AtomeTrailer.byteCount, .atome02 where bytes.count > AtomeTrailer.byteCount,
      .wordedAtome01 where bytes.count > AtomeTrailer.byteCount:
      let body = bytes.dropLast(AtomeTrailer.byteCount)
      var trailer = Array(bytes.suffix(AtomeTrailer.byteCount))
      trailer.replaceSubrange(28..<32, with: Self.word(CRC32.checksum(body)))
      trailer.replaceSubrange(32..<64, with: ContentID(of: body).digest)
      trailer.replaceSubrange(96..<100, with: Self.word(CRC32.checksum(trailer[..<96])))
      return body + trailer
    case .integer where bytes.count > 4, .wordedInteger where bytes.count > 4, .textVectors where bytes.count > 4,
      .ngrams where bytes.count > 4, .compact where bytes.count > 4, .wordedCompact where bytes.count > 4:
      let body = bytes.dropLast(4)
      return body + Self.word(CRC32.checksum(body))
    case .checkpoint where bytes.count > 32, .gptCheckpoint where bytes.count > 32,
      .wordedCheckpoint where bytes.count > 32, .compactCheckpoint where bytes.count > 32,
      .softLabels where bytes.count > 32:
      let body = bytes.dropLast(32)
      return body + ContentID(of: body).digest
    default: return bytes
    }
  }

  /// With a checksum that fits into the first vocabulary section, where there is one.
  private static func withMendedSection(_ bytes: [UInt8]) -> [UInt8] {
    let magic = VocabularyFile.magic
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: magic) }), bytes.count >= start + 16
    else { return bytes }
    let end = start + Int(bytes[start + 10]) + Int(bytes[start + 11]) << 8
    guard end - start >= 16, end <= bytes.count else { return bytes }
    return bytes[..<(end - 4)] + word(CRC32.checksum(bytes[start..<(end - 4)])) + bytes[end...]
  }

  static func word(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func onDisk(_ bytes: [UInt8], _ path: String) throws -> RandomAccessFile {
    // Not `AtomicFile`, which waits for the disk.
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try RandomAccessFile(path)
  }
}
