import Basics
import Formats
import Foundation
import Lineage

extension Inspection {
  static let shardIndex = Explainer {
    $0.path.hasSuffix(ShardIndex.fileName) && $0.hasSchema("alambic.shards")
  } explain: { file in
    let index = try ShardIndex(readFrom: file.path)
    let rows: [[InspectedValue]] = Split.allCases.flatMap { split in
      index[split].shards.map { [.text($0.fileName), .count($0.chunkCount), .bytes($0.byteCount), .id($0.id)] }
    }
    let splits: [[InspectedValue]] = Split.allCases.map { split in
      let entry = index[split]
      return [
        .text(split.rawValue), .count(entry.chunkCount), .count(entry.documentCount), .bytes(entry.contentByteCount),
      ]
    }
    return Inspection(
      "shard index", file,
      facts: [
        Fact("chunkByteCount", "chunk", .count(index.chunkByteCount), unit: "bytes"),
        Fact("compressor", "compressor", .text(index.compressor)),
      ],
      sections: [
        Section(
          "Splits",
          [
            ("split", "split"), ("chunkCount", "chunks"), ("documentCount", "documents"),
            ("contentByteCount", "content"),
          ], rows: splits),
        Section(
          "Shards", [("file", "file"), ("chunkCount", "chunks"), ("byteCount", "size"), ("id", "id")], rows: rows),
      ])
  }

  /// Documents or rejections: JSON Lines in zstd.
  static let records = Explainer {
    $0.path.hasSuffix(".jsonl.zst")
  } explain: { file in
    if file.path.hasSuffix("rejections.jsonl.zst") {
      let rejections = try RecordFile.read(Rejection.self, file.path)
      let reasons = Dictionary(grouping: rejections, by: \.reason).map { ($0.key.rawValue, $0.value.count) }
      return Inspection(
        "rejections", file, facts: [Fact("rejectionCount", "rejections", .count(rejections.count))],
        sections: [
          Section(
            "Reasons", [("reason", "reason"), ("count", "count")],
            rows: reasons.sorted { $0.0 < $1.0 }.map { [.text($0.0), .count($0.1)] })
        ])
    }
    let documents = try RecordFile.read(Document.self, file.path)
    let lengths = documents.map { $0.text.utf8.count }.sorted()
    return Inspection(
      "documents", file,
      facts: [
        Fact("documentCount", "documents", .count(documents.count)),
        Fact("heldOutCount", "held out", .count(documents.count { $0.split == .heldOut })),
        Fact("textByteCount", "text", .bytes(lengths.reduce(0, +))),
        Fact("shortestByteCount", "shortest", .count(lengths.first ?? 0), unit: "bytes"),
        Fact("medianByteCount", "median length", .count(median(of: lengths)), unit: "bytes"),
        Fact("longestByteCount", "longest", .count(lengths.last ?? 0), unit: "bytes"),
      ], sections: [histogram(of: lengths)])
  }

  private static func median(of sorted: [Int]) -> Int { sorted.isEmpty ? 0 : sorted[sorted.count / 2] }

  /// How many documents have a length from `from` up to, and not including, `below`; at most 16 ranges of equal width.
  private static func histogram(of sorted: [Int]) -> Section {
    let width = max(1, ((sorted.last ?? 0) + 16) / 16)
    let counts = Dictionary(grouping: sorted) { $0 / width }.mapValues(\.count)
    let rows: [[InspectedValue]] = counts.sorted { $0.key < $1.key }.map { bin, count in
      [.count(bin * width), .count((bin + 1) * width), .count(count)]
    }
    return Section(
      "Lengths in bytes", [("fromByteCount", "from"), ("belowByteCount", "below"), ("documentCount", "documents")],
      rows: rows)
  }

  /// Any seekable zstd file; its index says what the content is.
  static let shard = Explainer {
    $0.bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
  } explain: { file in
    let reader = try SeekableReader(try RandomAccessFile(file.path))
    for frame in 0..<reader.frameCount { _ = try reader.content(ofFrame: frame) }
    return Inspection(
      "shard (seekable zstd)", file,
      facts: [
        Fact("frameCount", "frames", .count(reader.frameCount)), .checksumsMatch,
        Fact("contentByteCount", "content", .bytes(reader.contentByteCount)),
      ])
  }
}

extension Inspection.Fact {
  /// A file whose checksums do not match is refused, not explained.
  static let checksumsMatch = Inspection.Fact("checksumsMatch", "checksums match", .flag(true))
}
