import Basics
import Foundation

/// How a file holds texts.
public enum InputFormat: Hashable, Sendable {
  /// One JSON object a line.
  case jsonLines
  /// RFC 4180: a row of names first, quotes around what holds separators, quotes or line ends.
  case table(separator: UInt8)
  case text(TextSeparator)

  /// By the end of a file's name, what it is compressed with aside.
  /// - Parameter separator: of plain texts.
  /// - Throws: `HintedError` for an end that says nothing.
  public init(path: String, separator: TextSeparator) throws {
    var url = URL(fileURLWithPath: path)
    if ["gz", "zst", "zstd"].contains(url.pathExtension.lowercased()) { url.deletePathExtension() }
    switch url.pathExtension.lowercased() {
    case "jsonl", "ndjson": self = .jsonLines
    case "csv": self = .table(separator: UInt8(ascii: ","))
    case "tsv": self = .table(separator: UInt8(ascii: "\t"))
    case "txt", "text", "md": self = .text(separator)
    case "json":
      throw HintedError(
        "\(path) is one JSON value; alambic reads one object a line",
        hint: "jq -c '.[]' \(path) > texts.jsonl", status: .usage)
    default:
      throw HintedError(
        "\(path) ends like none of .jsonl, .csv, .tsv and .txt, with or without .gz or .zst",
        hint: "say what it is: --format jsonl, csv, tsv or text", status: .usage)
    }
  }
}

/// What stands between two plain texts and belongs to neither.
public enum TextSeparator: Hashable, Sendable {
  case blankLine
  case line
  case text(String)
}

/// One text of a file, or why there is none.
public struct IncomingRecord: Sendable {
  /// In the block's arena. Of a record with a fault, its first bytes as they came.
  public var text: Range<Int>
  /// The other fields of the record, as `,"name":value` each, in the block's arena.
  public var extras: Range<Int>
  /// Of the record's first byte, from 0 at the block's beginning.
  public var line: Int
  public var fault: RecordFault?
}

/// Why a record of a file gives no text.
public struct RecordFault: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case malformed, missingField, invalidUTF8, oversized
  }

  public var kind: Kind
  public var detail: String

  public init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
}

/// The texts of one block.
public struct ParsedBlock: Sendable {
  public internal(set) var arena: [UInt8] = []
  public internal(set) var records: [IncomingRecord] = []
  public internal(set) var lineCount = 0

  /// The bytes of a record that are kept where it has a fault.
  static let shownByteCount = 400

  mutating func append(fault: RecordFault, of bytes: UnsafeBufferPointer<UInt8>, line: Int) {
    let start = arena.count
    let shown = String(decoding: bytes.prefix(Self.shownByteCount), as: UTF8.self)
    arena.append(contentsOf: shown.utf8)
    records.append(IncomingRecord(text: start..<arena.count, extras: 0..<0, line: line, fault: fault))
  }
}
