import Basics

/// A file whose bytes are learned or measured as they stand.
public enum PlainTextFile {
  /// First bytes of files that are packed, and what unpacks them.
  private static let packed: [(start: [UInt8], kind: String, hint: String)] = [
    ([0x1F, 0x8B], "gzip", "gunzip -k"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd", "zstd -d"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz", "unxz -k"), (Array("BZh".utf8), "bzip2", "bunzip2 -k"),
    (Array("PK\u{3}\u{4}".utf8), "zip", "unzip"), (Array("PAR1".utf8), "Parquet", "a tool of Parquet's, to JSON lines"),
  ]
  private static let tables = ["jsonl", "ndjson", "csv", "tsv"]

  /// Reads it.
  /// - Throws: `HintedError` for a packed file, and for a table of records, of which a student would learn the syntax.
  public static func read(_ path: String) throws -> [UInt8] {
    let bytes = try AtomicFile.read(path)
    if let found = packed.first(where: { bytes.starts(with: $0.start) }) {
      throw HintedError(
        "\(path) is packed (\(found.kind)), where a plain text is read", hint: "unpack it first: \(found.hint)")
    }
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard !tables.contains(ending) else {
      throw HintedError(
        "\(path) is a table of records, where a plain text is read: its syntax would be learned, too",
        hint: "alambic curate --input \(path) --output texts && alambic shard --input texts/documents.jsonl --output "
          + "texts; then take texts instead of \(path)", status: .usage)
    }
    return bytes
  }
}
