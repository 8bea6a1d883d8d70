import Basics

/// Reads records from JSON Lines in zstd, one at a time and in bounded memory, and checks each.
public final class RecordReader<Record: CorpusRecord> {
  private let path: String
  private let stream: ZstdStreamReader
  private var pending: [UInt8] = []
  private var position = 0
  /// The line that was read last, from 1.
  public private(set) var lineNumber = 0

  /// - Throws: `HintedError` when the file is missing or cannot be opened.
  public init(_ path: String) throws {
    self.path = path
    stream = try ZstdStreamReader(try RandomAccessFile(path))
  }

  /// The next record; nil at the end.
  /// - Throws: `HintedError` that names the line, for damage, for a line that is too long, or a record that is wrong.
  public func next() throws -> Record? {
    guard let line = try nextLine() else { return nil }
    let place = "\(path):\(lineNumber)"
    let record = try CanonicalJSON.decode(Record.self, from: line, named: place)
    if let violation = record.violation {
      throw HintedError("\(place): \(violation)", hint: "the file was edited; curate the samples again")
    }
    return record
  }

  private func nextLine() throws -> ArraySlice<UInt8>? {
    var searchStart = position
    while true {
      if let end = pending[searchStart...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        lineNumber += 1
        return pending[position..<end]
      }
      guard pending.count - position <= RecordFormat.largestLine else {
        throw HintedError("\(path):\(lineNumber + 1): the line is longer than \(RecordFormat.largestLine) bytes")
      }
      pending.removeFirst(position)
      position = 0
      searchStart = pending.count
      guard let piece = try stream.next() else { return try endOfFile() }
      pending += piece
    }
  }

  private func endOfFile() throws -> ArraySlice<UInt8>? {
    guard pending.isEmpty else {
      throw HintedError(
        "\(path):\(lineNumber + 1): the last line has no line feed", hint: "the file is truncated; make it again")
    }
    return nil
  }
}

/// Whole files of records.
public enum RecordFile {
  /// The file's bytes for records in memory.
  public static func encode<Record: CorpusRecord>(_ records: some Sequence<Record>) throws -> [UInt8] {
    var writer = try RecordWriter<Record>()
    for record in records { try writer.append(record) }
    return try writer.finish()
  }

  /// All records of a file.
  /// - Throws: `HintedError` that names the line.
  public static func read<Record: CorpusRecord>(_ type: Record.Type, _ path: String) throws -> [Record] {
    let reader = try RecordReader<Record>(path)
    var records: [Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }
}
