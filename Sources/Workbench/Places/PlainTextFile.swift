import Basics
import Intake

/// A file whose bytes are learned or measured as they stand.
public enum PlainTextFile {
  /// Reads it, through gzip or zstd where it is compressed.
  /// - Throws: `HintedError` for what `WholeText.bytes` refuses, and for a table of records, of which a student would
  ///   learn the syntax.
  public static func read(_ path: String) throws -> [UInt8] {
    switch try? InputFormat(path: path, separator: .line) {
    case .jsonLines, .table:
      throw HintedError(
        "\(path) is a table of records, where a plain text is read: its syntax would be learned, too",
        hint: "alambic curate --input \(path) --output texts && alambic shard --input texts/documents.jsonl --output "
          + "texts; then take texts instead of \(path)", status: .usage)
    case .text, nil: return try WholeText.bytes(of: path)
    }
  }
}
