import Basics

/// A file of texts, opened: block after block, and what reads them.
public final class InputFile {
  public let name: String
  public let parser: RecordParser
  private let plain: PlainBytes
  private let blocks: BlockReader
  private var first: RecordBlock?

  /// Longer records are refused, and nothing of them is held.
  public static let recordByteLimit = 16 << 20

  /// - Parameters:
  ///   - path: `-` for standard input.
  ///   - format: nil for what the file's name says.
  ///   - template: which fields are the text; of a plain text none.
  ///   - columns: names of a table's columns, where its first row is a record; nil where the first row has them.
  ///   - hashes: whether `contentID` is wanted.
  /// - Throws: `HintedError` for a file that cannot be read, and for a table without the columns.
  public init(
    _ path: String, format: InputFormat?, separator: TextSeparator, template: TextTemplate,
    columns: [String]? = nil, blockByteCount: Int = 2 << 20, hashes: Bool = false
  ) throws {
    name = path == "-" ? "standard input" : path
    var format = try format ?? InputFormat(path: path, separator: separator)
    plain = try PlainBytes(path, hashes: hashes)
    blocks = BlockReader(
      try Compression.open(plain), end: format.recordEnd, blockByteCount: blockByteCount,
      recordByteLimit: Self.recordByteLimit)
    if case .table(UInt8(ascii: ",")) = format, columns == nil {
      first = try blocks.next()
      if Self.hasSemicolons(first) { format = .table(separator: UInt8(ascii: ";")) }
    }
    var parser = RecordParser(format: format, template: template)
    if case .table(let separator) = format {
      if let columns {
        parser.columns = columns
      } else {
        first = try first ?? blocks.next()
        parser.columns = try Self.header(of: &first, separator, name)
      }
      for field in template.fields where !parser.columns.contains(field) {
        let meant = EditDistance.nearest(to: field, in: parser.columns)
        throw HintedError(
          "\(name) has no column '\(field)'",
          hint: meant.map { "did you mean '\($0)'?" } ?? "there: \(parser.columns.joined(separator: ", "))",
          status: .usage)
      }
    }
    self.parser = parser
  }

  /// The SHA-256 of the bytes that were taken so far, compressed as they stand: at the end the file's.
  public var contentID: ContentID? { plain.hasher?.id }

  /// Bytes of the file that were taken so far, compressed as they stand.
  public var takenByteCount: Int { plain.takenByteCount }

  /// The next block, nil at the end.
  /// - Throws: `HintedError` for what cannot be read, and damaged compression.
  public func next() throws -> RecordBlock? {
    if let block = first {
      first = nil
      return block
    }
    return try blocks.next()
  }

  /// Whether the row of names has semicolons alone: spreadsheets part so where a comma is in numbers.
  private static func hasSemicolons(_ block: RecordBlock?) -> Bool {
    guard let bytes = block?.bytes else { return false }
    return bytes.withUnsafeBufferPointer { buffer in
      func count(_ separator: Character) -> Int {
        var rows = TableRows(buffer, separator: separator.asciiValue ?? 0)
        guard let row = rows.next(), row.malformed == nil else { return 0 }
        return row.cells.count
      }
      return count(",") <= 1 && count(";") > 1
    }
  }

  /// Takes the row of names off the first block: empty lines stay, so that the others keep their numbers.
  private static func header(of block: inout RecordBlock?, _ separator: UInt8, _ name: String) throws -> [String] {
    guard let bytes = block?.bytes else { return [] }
    let row = bytes.withUnsafeBufferPointer { buffer in
      var rows = TableRows(buffer, separator: separator)
      return rows.next()
    }
    guard let row, row.malformed == nil else {
      throw HintedError("\(name) does not begin with a row of column names")
    }
    let lineCount = bytes[row.bytes].count { $0 == 0x0A }
    block?.bytes.replaceSubrange(row.bytes, with: repeatElement(0x0A, count: lineCount))
    let names = row.cells.map { String(decoding: $0, as: UTF8.self) }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw HintedError("\(name) has two columns '\(twice)'", hint: "rename one")
    }
    return names
  }
}

extension InputFormat {
  fileprivate var recordEnd: RecordEnd {
    switch self {
    case .jsonLines: .line
    case .table: .row
    case .text(.blankLine): .blankLine
    case .text(.line): .line
    case .text(.text(let text)): .text(Array(text.utf8))
    }
  }
}
