import Basics
import Formats
import Foundation
import Lineage

extension Inspection {
  static let shardIndex = Explainer {
    $0.path.hasSuffix(ShardIndex.fileName) && $0.hasSchema("alambic.shards")
  } explain: { file in
    let index = try ShardIndex(readFrom: file.path)
    let rows = Split.allCases.flatMap { split in
      index[split].shards.map { [$0.fileName, String($0.chunkCount), ReadableUnits.bytes($0.byteCount), $0.id.short] }
    }
    let splits = Split.allCases.map { split in
      let entry = index[split]
      return (
        split.rawValue,
        "\(ReadableUnits.count(entry.chunkCount)) chunks, \(ReadableUnits.count(entry.documentCount)) documents, "
          + ReadableUnits.bytes(entry.contentByteCount)
      )
    }
    return Inspection(
      "shard index", file,
      facts: [("chunk", "\(index.chunkByteCount) bytes"), ("compressor", index.compressor)] + splits,
      sections: [Section(title: "Shards", columns: ["file", "chunks", "size", "id"], rows: rows)])
  }

  /// Documents or rejections: JSON Lines in zstd.
  static let records = Explainer {
    $0.path.hasSuffix(".jsonl.zst")
  } explain: { file in
    if file.path.hasSuffix("rejections.jsonl.zst") {
      let rejections = try RecordFile.read(Rejection.self, file.path)
      let reasons = Dictionary(grouping: rejections, by: \.reason).map { [$0.key.rawValue, String($0.value.count)] }
      return Inspection(
        "rejections", file, facts: [("rejections", ReadableUnits.count(rejections.count))],
        sections: [Section(title: "Reasons", columns: ["reason", "count"], rows: reasons.sorted { $0[0] < $1[0] })])
    }
    let documents = try RecordFile.read(Document.self, file.path)
    let lengths = documents.map { $0.text.utf8.count }.sorted()
    return Inspection(
      "documents", file,
      facts: [
        ("documents", ReadableUnits.count(documents.count)),
        ("held out", ReadableUnits.count(documents.count { $0.split == .heldOut })),
        ("text", ReadableUnits.bytes(lengths.reduce(0, +))),
        ("length", "\(lengths.first ?? 0) to \(lengths.last ?? 0) bytes, median \(median(of: lengths))"),
      ], sections: [histogram(of: lengths)])
  }

  private static func median(of sorted: [Int]) -> Int { sorted.isEmpty ? 0 : sorted[sorted.count / 2] }

  /// How many documents have a length from `from` up to, and not including, `below`; at most 16 ranges of equal width.
  private static func histogram(of sorted: [Int]) -> Section {
    let width = max(1, ((sorted.last ?? 0) + 16) / 16)
    let counts = Dictionary(grouping: sorted) { $0 / width }.mapValues(\.count)
    let rows = counts.sorted { $0.key < $1.key }.map { bin, count in
      [String(bin * width), String((bin + 1) * width), String(count)]
    }
    return Section(title: "Lengths in bytes", columns: ["from", "below", "documents"], rows: rows)
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
        ("frames", "\(ReadableUnits.count(reader.frameCount)), all checksums match"),
        ("content", ReadableUnits.bytes(reader.contentByteCount)),
      ])
  }
}
