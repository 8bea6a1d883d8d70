import Basics

/// Reads the records of a block; each thread may read another block.
public struct RecordParser: Sendable {
  let format: InputFormat
  let template: TextTemplate
  /// Of a table, its names.
  var columns: [String] = []

  /// The same file's records, one for one, with other fields as their text.
  /// - Parameter name: the file's, for messages.
  /// - Throws: `HintedError` for plain texts, which have no fields, and a table without them.
  public func reading(_ template: TextTemplate, of name: String) throws -> RecordParser {
    if case .text = format {
      throw HintedError("\(name) is plain text, which has no field '\(template.fields[0])'", status: .usage)
    }
    for field in template.fields where !columns.isEmpty && !columns.contains(field) {
      throw HintedError(
        "\(name) has no column '\(field)'", hint: "there: \(columns.joined(separator: ", "))", status: .usage)
    }
    return RecordParser(format: format, template: template, columns: columns)
  }

  public func parse(_ block: RecordBlock) -> ParsedBlock {
    var parsed = ParsedBlock()
    if let skipped = block.skipped {
      parsed.lineCount = skipped.lineCount
      let fault = RecordFault(.oversized, "\(skipped.byteCount) bytes, at most \(InputFile.recordByteLimit)")
      parsed.records.append(IncomingRecord(text: 0..<0, extras: 0..<0, line: 0, fault: fault))
      return parsed
    }
    parsed.arena.reserveCapacity(block.bytes.count)
    block.bytes.withUnsafeBufferPointer { bytes in
      switch format {
      case .jsonLines: parseLines(bytes, &parsed)
      case .table(let separator): parseTable(bytes, separator, &parsed)
      case .text(let separator): parseTexts(bytes, separator, &parsed)
      }
    }
    return parsed
  }

  // MARK: - JSON lines

  private func parseLines(_ bytes: UnsafeBufferPointer<UInt8>, _ parsed: inout ParsedBlock) {
    var start = 0
    while start < bytes.count {
      let end = ByteWords.first(0x0A, in: bytes, from: start)
      var lineEnd = end
      if lineEnd > start, bytes[lineEnd - 1] == 0x0D { lineEnd -= 1 }
      if !bytes[start..<lineEnd].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        parseLine(bytes, start..<lineEnd, &parsed)
      }
      if end < bytes.count { parsed.lineCount += 1 }
      start = end + 1
    }
  }

  private func parseLine(
    _ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>, _ parsed: inout ParsedBlock
  ) {
    let slice = UnsafeBufferPointer(rebasing: bytes[line])
    func fault(_ kind: RecordFault.Kind, _ detail: String) {
      parsed.append(fault: RecordFault(kind, detail), of: slice, line: parsed.lineCount)
    }
    if let offset = ByteText.firstInvalid(slice) { return fault(.invalidUTF8, "no UTF-8 at byte \(offset)") }
    do {
      let object = try JSONLine(bytes, line)
      var values = [Range<Int>?](repeating: nil, count: template.fields.count)
      let start = parsed.arena.count
      for member in object.members {
        if let field = field(named: member.name, bytes) {
          values[field] = member.value
        } else {
          appendExtra(bytes, member, &parsed)
        }
      }
      let extras = start..<parsed.arena.count
      guard let missing = appendText(bytes, values, &parsed) else {
        let text = extras.upperBound..<parsed.arena.count
        return parsed.records.append(IncomingRecord(text: text, extras: extras, line: parsed.lineCount))
      }
      parsed.arena.removeLast(parsed.arena.count - start)
      fault(.missingField, missing)
    } catch {
      fault(.malformed, "\(error.what), at byte \(error.offset)")
    }
  }

  /// Names with escapes are compared by what they stand for.
  private func field(named name: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let inner = UnsafeBufferPointer(rebasing: bytes[name.lowerBound + 1..<name.upperBound - 1])
    guard inner.contains(UInt8(ascii: "\\")) else {
      return template.fields.firstIndex { $0.utf8.elementsEqual(inner) }
    }
    var plain: [UInt8] = []
    JSONText.appendUnescaped(inner, to: &plain)
    return template.fields.firstIndex { $0.utf8.elementsEqual(plain) }
  }

  private func appendExtra(
    _ bytes: UnsafeBufferPointer<UInt8>, _ member: JSONLine.Member, _ parsed: inout ParsedBlock
  ) {
    parsed.arena.append(UInt8(ascii: ","))
    let name = UnsafeBufferPointer(rebasing: bytes[member.name])
    if Self.reserved.contains(where: { $0.elementsEqual(name) }) {
      parsed.arena += Self.prefix
      parsed.arena.append(contentsOf: name.dropFirst())
    } else {
      parsed.arena.append(contentsOf: name)
    }
    parsed.arena.append(UInt8(ascii: ":"))
    parsed.arena.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[member.value]))
  }

  /// - Returns: what is missing for a text.
  private func appendText(
    _ bytes: UnsafeBufferPointer<UInt8>, _ values: [Range<Int>?], _ parsed: inout ParsedBlock
  ) -> String? {
    for piece in template.pieces {
      switch piece {
      case .literal(let text): parsed.arena.append(contentsOf: text)
      case .field(let field):
        guard let value = values[field] else { return "no field '\(template.fields[field])'" }
        switch bytes[value.lowerBound] {
        case UInt8(ascii: "\""):
          let inner = UnsafeBufferPointer(rebasing: bytes[value.lowerBound + 1..<value.upperBound - 1])
          JSONText.appendUnescaped(inner, to: &parsed.arena)
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"):
          return "the field '\(template.fields[field])' is not text"
        default: parsed.arena.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[value]))
        }
      }
    }
    return nil
  }

  // MARK: - Tables

  private func parseTable(_ bytes: UnsafeBufferPointer<UInt8>, _ separator: UInt8, _ parsed: inout ParsedBlock) {
    var rows = TableRows(bytes, separator: separator)
    while let row = rows.next() {
      let slice = UnsafeBufferPointer(rebasing: bytes[row.bytes])
      defer { parsed.lineCount = rows.lineCount }
      if let fault = fault(of: row, slice) {
        parsed.append(fault: fault, of: slice, line: row.line)
        continue
      }
      let start = parsed.arena.count
      for (column, cell) in row.cells.enumerated() where !template.fields.contains(columns[column]) {
        parsed.arena.append(UInt8(ascii: ","))
        let quoted = Self.quoted(columns[column])
        parsed.arena += Self.reserved.contains(quoted) ? Self.prefix + quoted.dropFirst() : quoted
        parsed.arena.append(UInt8(ascii: ":"))
        cell.withUnsafeBufferPointer { JSONText.appendQuoted($0, to: &parsed.arena) }
      }
      let extras = start..<parsed.arena.count
      for piece in template.pieces {
        switch piece {
        case .literal(let text): parsed.arena += text
        case .field(let field):
          if let column = columns.firstIndex(of: template.fields[field]) { parsed.arena += row.cells[column] }
        }
      }
      let text = extras.upperBound..<parsed.arena.count
      parsed.records.append(IncomingRecord(text: text, extras: extras, line: row.line))
    }
    parsed.lineCount = rows.lineCount
  }

  private func fault(of row: TableRows.Row, _ slice: UnsafeBufferPointer<UInt8>) -> RecordFault? {
    if let offset = ByteText.firstInvalid(slice) { return RecordFault(.invalidUTF8, "no UTF-8 at byte \(offset)") }
    if let what = row.malformed { return RecordFault(.malformed, what) }
    guard row.cells.count == columns.count else {
      return RecordFault(.malformed, "\(row.cells.count) columns, and the first row has \(columns.count)")
    }
    return nil
  }

  /// Names that a curated record has of its own, with their quotes: a field that is called so is `input_` and its name.
  private static let reserved = ["text", "split", "repeats", "origin", "splitGroup"].map(quoted)
  private static let prefix = Array("\"input_".utf8)

  private static func quoted(_ name: String) -> [UInt8] {
    var (name, quoted) = (name, [UInt8]())
    name.withUTF8 { JSONText.appendQuoted($0, to: &quoted) }
    return quoted
  }

  // MARK: - Plain texts

  private func parseTexts(
    _ bytes: UnsafeBufferPointer<UInt8>, _ separator: TextSeparator, _ parsed: inout ParsedBlock
  ) {
    for piece in ByteText.pieces(of: bytes, separator) {
      let slice = UnsafeBufferPointer(rebasing: bytes[piece])
      let blank = slice.prefix { $0 == 0x20 || (0x09...0x0D).contains($0) }
      let line = parsed.lineCount + blank.count { $0 == 0x0A }
      if blank.count < slice.count - Self.endCount(of: slice, separator) {
        if let offset = ByteText.firstInvalid(slice) {
          let fault = RecordFault(.invalidUTF8, "no UTF-8 at byte \(offset)")
          parsed.append(fault: fault, of: slice, line: line)
        } else {
          let start = parsed.arena.count
          parsed.arena.append(contentsOf: slice.dropLast(Self.endCount(of: slice, separator)))
          parsed.records.append(IncomingRecord(text: start..<parsed.arena.count, extras: 0..<0, line: line))
        }
      }
      parsed.lineCount += slice.count { $0 == 0x0A }
    }
  }

  /// Line feeds at a text's end go when it is normalised.
  private static func endCount(of piece: UnsafeBufferPointer<UInt8>, _ separator: TextSeparator) -> Int {
    guard case .text(let text) = separator, piece.suffix(text.utf8.count).elementsEqual(text.utf8) else { return 0 }
    return text.utf8.count
  }
}
