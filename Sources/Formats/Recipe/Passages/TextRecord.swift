/// A piece of a file that belongs together, and its lines, counted from 1.
struct TextRecord: Hashable {
  var text: String
  var lines: ClosedRange<Int>
  /// Begins a section of Markdown.
  var isHeading = false
}

extension TextRecord {
  /// Lines between blank ones. In Markdown a heading is a record of its own; in fenced code there is none.
  static func paragraphs(of text: String, isMarkdown: Bool) -> [TextRecord] {
    var records: [TextRecord] = []
    var open: TextRecord?
    var isFenced = false
    func close() {
      if let record = open { records.append(record) }
      open = nil
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = trimmed(line)
      if isMarkdown, line.hasPrefix("```") || line.hasPrefix("~~~") { isFenced.toggle() }
      let isHeading = isMarkdown && !isFenced && Self.isHeading(line)
      if line.allSatisfy(\.isWhitespace) || isHeading { close() }
      if isHeading {
        records.append(TextRecord(text: line, lines: (index + 1)...(index + 1), isHeading: true))
      } else if !line.allSatisfy(\.isWhitespace) {
        open =
          open.map { TextRecord(text: "\($0.text)\n\(line)", lines: $0.lines.lowerBound...(index + 1)) }
          ?? TextRecord(text: line, lines: (index + 1)...(index + 1))
      }
    }
    close()
    return records
  }

  /// One to six `#` and a space, as CommonMark has it.
  private static func isHeading(_ line: String) -> Bool {
    let marks = line.prefix { $0 == "#" }
    return (1...6).contains(marks.count) && line.dropFirst(marks.count).first.map { $0 == " " || $0 == "\t" } ?? true
  }

  private static func trimmed(_ line: Substring) -> String {
    var line = line
    while line.last?.isWhitespace == true { line.removeLast() }
    return String(line)
  }
}
