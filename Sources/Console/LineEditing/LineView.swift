/// How a line that is being written looks in one row of a terminal.
public struct LineView: Sendable {
  public var prompt: String
  public var columnCount: Int

  public init(prompt: String, columnCount: Int) {
    self.prompt = prompt
    self.columnCount = max(columnCount, prompt.count + 4)
  }

  /// The escape sequences that draw the row anew and leave the cursor in its place. A line that is longer than the row
  /// shows the part around the cursor.
  public func drawing(_ editor: LineEditor) -> String {
    let widths = editor.characters.map(\.columnCount)
    let room = columnCount - prompt.count - 1
    var start = 0
    while widths[start..<editor.cursor].reduce(0, +) > room { start += 1 }
    var (end, used) = (start, 0)
    while end < widths.count, used + widths[end] <= room { (end, used) = (end + 1, used + widths[end]) }
    let column = prompt.count + widths[start..<editor.cursor].reduce(0, +)
    return "\r\u{1B}[K\(prompt)\(String(editor.characters[start..<end]))\r"
      + (column > 0 ? "\u{1B}[\(column)C" : "")
  }
}

extension Character {
  /// How many columns of a terminal it takes: two in the wide scripts and for pictures.
  var columnCount: Int {
    guard let value = unicodeScalars.first?.value else { return 0 }
    return Self.wide.contains { $0.contains(value) } ? 2 : 1
  }

  /// The larger ranges of Unicode's East Asian Width property W and F.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
  ]
}
