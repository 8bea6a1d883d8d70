import Basics
import Foundation
import Intake
import Lineage

/// A file of one's own that prompts are made of: text, Markdown, JSON lines or tables, by the ending of its name.
///
/// It is UTF-8; a byte order mark at its beginning does not count, and every kind of line end is a line feed.
struct PassageFile {
  static let byteLimit = 64 << 20

  /// What belongs together, in the order of the file.
  let records: [TextRecord]
  /// Whether records that stand side by side may be one passage.
  let isProse: Bool
  private let path: String

  /// - Parameters:
  ///   - field: which member or column holds the text; for JSON lines and tables, and for no other.
  /// - Throws: `HintedError` for a file that is missing, too large, not UTF-8, or without text, with the line.
  init(reading path: String, field: String?) throws {
    self.path = path
    let kind = try Kind(path)
    guard (field != nil) == kind.hasFields else {
      throw kind.hasFields
        ? HintedError("\(path) has fields, and none is named", hint: "add `field: NAME`")
        : HintedError("\(path) has no fields, but `field` names one", hint: "leave `field` out")
    }
    let text = try Self.text(path)
    switch kind {
    case .text, .markdown: records = TextRecord.paragraphs(of: text, isMarkdown: kind == .markdown)
    case .jsonLines: records = try Self.jsonLines(text, field: field ?? "", name: path)
    case .table(let separator): records = try Self.table(text, separator, column: field ?? "", name: path)
    }
    isProse = !kind.hasFields
    guard !records.isEmpty else { throw HintedError("\(path) holds no text", hint: "passages are cut from its text") }
  }

  private enum Kind: Equatable {
    case text, markdown, jsonLines
    case table(UInt8)

    var hasFields: Bool { self != .text && self != .markdown }

    init(_ path: String) throws {
      switch URL(fileURLWithPath: path).pathExtension.lowercased() {
      case "txt", "text": self = .text
      case "md", "markdown": self = .markdown
      case "jsonl", "ndjson": self = .jsonLines
      case "csv": self = .table(UInt8(ascii: ","))
      case "tsv": self = .table(UInt8(ascii: "\t"))
      default:
        throw HintedError(
          "\(path) ends like none of .txt, .md, .jsonl, .csv, .tsv", hint: "save it as one of them, in UTF-8")
      }
    }
  }

  private static func text(_ path: String) throws -> String {
    let lines = try TextFile.read(path, byteLimit: byteLimit)
    if let place = lines.unicodeScalars.firstIndex(where: isOdd) {
      let line = lines.unicodeScalars[..<place].count { $0 == "\n" } + 1
      throw HintedError("\(path), line \(line), holds a control character", hint: "is it a text at all?")
    }
    return lines
  }

  private static func isOdd(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
  }
}

// MARK: - Files with fields

extension PassageFile {
  private static func jsonLines(_ text: String, field: String, name: String) throws -> [TextRecord] {
    var records: [TextRecord] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy(\.isWhitespace) { continue }
      let place = "\(name), line \(index + 1),"
      guard let value = try? LenientJSON(Array(line.utf8)).value, let members = value.members else {
        throw HintedError("\(place) is not a JSON object", hint: "JSON lines hold one object a line")
      }
      guard let member = members[field] else { throw missing(field, of: members.keys.sorted(), place) }
      guard let text = member.text else { throw HintedError("\(place) has a '\(field)' that is not text") }
      append(text, lines: (index + 1)...(index + 1), to: &records)
    }
    return records
  }

  private static func table(
    _ text: String, _ separator: UInt8, column: String, name: String
  ) throws -> [TextRecord] {
    let rows = try rows(of: text, separator, name)
    guard let header = rows.first else { return [] }
    let names = header.cells.map { self.text(of: $0).trimmingCharacters(in: .whitespaces) }
    guard let index = names.firstIndex(of: column) else { throw missing(column, of: names, "\(name), line 1,") }
    var records: [TextRecord] = []
    for row in rows.dropFirst() {
      guard row.cells.count == names.count else {
        throw HintedError(
          "\(name), line \(row.line + 1), has \(row.cells.count) columns, and the first line \(names.count)",
          hint: "put quotes around what holds a separator")
      }
      append(self.text(of: row.cells[index]), lines: (row.line + 1)...(row.lastLine + 1), to: &records)
    }
    return records
  }

  private static func rows(of text: String, _ separator: UInt8, _ name: String) throws -> [TableRows.Row] {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      var reader = TableRows(bytes, separator: separator)
      var rows: [TableRows.Row] = []
      while let row = reader.next() {
        if let what = row.malformed {
          throw HintedError("\(name), line \(row.line + 1): \(what)", hint: "a quote inside quotes is doubled: \"\"")
        }
        rows.append(row)
      }
      return rows
    }
  }

  /// The whole file was checked.
  private static func text(of cell: [UInt8]) -> String { String(decoding: cell, as: UTF8.self) }

  /// A cell may be empty.
  private static func append(_ text: String, lines: ClosedRange<Int>, to records: inout [TextRecord]) {
    let text = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    if !text.isEmpty { records.append(TextRecord(text: text, lines: lines)) }
  }

  private static func missing(_ field: String, of names: [String], _ place: String) -> HintedError {
    let meant = EditDistance.nearest(to: field, in: names)
    return HintedError(
      "\(place) has no '\(field)'",
      hint: meant.map { "did you mean '\($0)'?" } ?? "there: \(names.joined(separator: ", "))")
  }
}
