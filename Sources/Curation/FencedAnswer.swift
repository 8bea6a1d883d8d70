/// An answer that a model put into code fences (Markdown's "```"), with its talk before and behind them.
struct FencedAnswer {
  struct Part: Hashable, Sendable {
    var text: String
    /// Whether the text stands in a fence; the others are talk.
    var isInside: Bool
  }

  private(set) var parts: [Part] = []

  /// - Parameter answer: its line ends are line feeds.
  /// - Returns: nil for an answer without fences, and for one that says more beside them than a paragraph here and
  ///   there: a fence is then something else.
  init?(_ answer: String) {
    guard answer.contains("```") else { return nil }
    var (lines, isInside, fenceCount) = ([Substring](), false, 0)
    for line in answer.split(separator: "\n", omittingEmptySubsequences: false) {
      if Self.isFence(line) {
        add(lines, isInside)
        (lines, isInside, fenceCount) = ([], !isInside, fenceCount + 1)
      } else {
        lines.append(line)
      }
    }
    add(lines, isInside)
    guard fenceCount > 0, parts.allSatisfy({ $0.isInside || Self.isParagraph($0.text) }) else { return nil }
  }

  /// The last part stays even where it is blank: an answer that was cut is cut there.
  private mutating func add(_ lines: [Substring], _ isInside: Bool) {
    parts.append(Part(text: lines.joined(separator: "\n"), isInside: isInside))
  }

  /// Three backticks after at most three blanks, and perhaps a language (CommonMark 0.31, 4.5).
  private static func isFence(_ line: Substring) -> Bool {
    let indented = line.drop { $0 == " " }
    guard line.count - indented.count <= 3, indented.hasPrefix("```") else { return false }
    return !indented.drop { $0 == "`" }.contains("`")
  }

  private static func isParagraph(_ text: String) -> Bool {
    let paragraphs = DocumentBoundary.blankLine.pieces(of: text)
    return paragraphs.count { $0.contains { !$0.isWhitespace } } <= 1
  }
}
