/// The rows of a table, one after the other, as RFC 4180 has them: quotes around what holds separators, line ends or
/// quotes, which are doubled.
package struct TableRows {
  package struct Row {
    /// With its line end.
    package var bytes: Range<Int>
    package var cells: [[UInt8]]
    /// From 0.
    package var line: Int
    /// The line on which it ends.
    package var lastLine: Int
    package var malformed: String?
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let separator: UInt8
  private var position = 0
  package private(set) var lineCount = 0

  package init(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8) {
    self.bytes = bytes
    self.separator = separator
  }

  /// The next row that is not blank.
  package mutating func next() -> Row? {
    while position < bytes.count {
      var row = Row(bytes: position..<position, cells: [], line: lineCount, lastLine: lineCount)
      repeat { row.cells.append(cell(&row.malformed)) } while take(separator)
      row.lastLine = lineCount
      _ = take(0x0D)
      if take(0x0A) { lineCount += 1 }
      row.bytes = row.bytes.lowerBound..<position
      if row.cells != [[]] || row.malformed != nil { return row }
    }
    return nil
  }

  private mutating func cell(_ malformed: inout String?) -> [UInt8] {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return plain() }
    position += 1
    var cell: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x0A { lineCount += 1 }
      if byte != UInt8(ascii: "\"") {
        cell.append(byte)
      } else if !take(UInt8(ascii: "\"")) {
        let rest = plain()
        if !rest.isEmpty { malformed = "text stands behind a closing quote" }
        return cell
      } else {
        cell.append(byte)
      }
    }
    malformed = "a quote has no end"
    return cell
  }

  private mutating func plain() -> [UInt8] {
    let start = position
    while position < bytes.count, bytes[position] != separator, bytes[position] != 0x0A { position += 1 }
    var end = position
    if end > start, bytes[end - 1] == 0x0D, position == bytes.count || bytes[position] == 0x0A { end -= 1 }
    return Array(bytes[start..<end])
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}
