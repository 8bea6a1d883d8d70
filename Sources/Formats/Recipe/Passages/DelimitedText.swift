import Basics

/// Comma or tab separated values, as RFC 4180 has them: a line of names first, quotes around what holds separators,
/// line ends or quotes, which are doubled.
struct DelimitedText {
  /// Rows with the lines on which they stand.
  private(set) var rows: [(cells: [String], lines: ClosedRange<Int>)] = []

  /// - Parameter text: with line feeds as line ends.
  /// - Throws: `HintedError` with the line of a quote without an end, or of text behind one.
  init(_ text: String, separator: Character, name: String) throws {
    var reader = Reader(text: Substring(text), separator: separator, name: name)
    while let row = try reader.row() {
      // A blank line is no row of one empty cell.
      if row.cells != [""] { rows.append(row) }
    }
  }

  private struct Reader {
    var text: Substring
    let separator: Character
    let name: String
    var line = 1

    mutating func row() throws -> (cells: [String], lines: ClosedRange<Int>)? {
      guard !text.isEmpty else { return nil }
      let first = line
      var cells = [try cell()]
      while text.first == separator {
        text.removeFirst()
        cells.append(try cell())
      }
      let last = line
      if text.first == "\n" {
        text.removeFirst()
        line += 1
      }
      return (cells, first...last)
    }

    private mutating func cell() throws -> String {
      guard text.first == "\"" else {
        let end = text.firstIndex { $0 == separator || $0 == "\n" } ?? text.endIndex
        defer { text = text[end...] }
        return String(text[..<end])
      }
      let first = line
      var cell = ""
      text.removeFirst()
      while let character = text.popFirst() {
        if character == "\n" { line += 1 }
        if character != "\"" {
          cell.append(character)
        } else if text.first == "\"" {
          text.removeFirst()
          cell.append("\"")
        } else {
          guard text.isEmpty || text.first == separator || text.first == "\n" else {
            throw HintedError(
              "\(name), line \(line): text stands behind a closing quote",
              hint: "a quote inside quotes is doubled: \"\"")
          }
          return cell
        }
      }
      throw HintedError("\(name), line \(first): a quote has no end")
    }
  }
}
