import Basics

/// Writes records as JSON Lines in zstd, one record at a time: docs/formats/documents.md.
public struct RecordWriter<Record: CorpusRecord> {
  private let compressor: ZstdCompressor
  private var lines: [UInt8] = []
  private var file: [UInt8] = []
  public private(set) var recordCount = 0

  public init() throws {
    compressor = try ZstdCompressor(level: RecordFormat.level)
  }

  /// - Throws: `HintedError` for a record that its reader would refuse.
  public mutating func append(_ record: Record) throws {
    let line = try CanonicalJSON.encode(record)
    if let violation = record.violation { throw HintedError("record \(recordCount + 1): \(violation)") }
    guard line.count <= RecordFormat.largestLine else {
      throw HintedError(
        "record \(recordCount + 1) takes \(line.count) bytes; the limit is \(RecordFormat.largestLine)",
        hint: "lower the greatest document length")
    }
    lines += line
    lines.append(UInt8(ascii: "\n"))
    recordCount += 1
    if lines.count >= RecordFormat.frameContentByteCount { try flush() }
  }

  /// The whole file. An empty set of records is one empty frame.
  public mutating func finish() throws -> [UInt8] {
    if !lines.isEmpty || file.isEmpty { try flush() }
    return file
  }

  private mutating func flush() throws {
    file += try compressor.frame(of: lines)
    lines.removeAll(keepingCapacity: true)
  }
}

/// The numbers of docs/formats/documents.md.
enum RecordFormat {
  static let level = 10
  /// A frame is closed after the line that reaches 1 MiB.
  static let frameContentByteCount = 1 << 20
  /// 16 MiB.
  static let largestLine = 16 << 20
}
