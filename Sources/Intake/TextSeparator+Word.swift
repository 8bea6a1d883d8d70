import Basics

extension TextSeparator {
  /// `blank-line`, `line`, or a text.
  public init(word: String) {
    switch word {
    case "blank-line": self = .blankLine
    case "line": self = .line
    default: self = .text(word.replacing("\\n", with: "\n"))
    }
  }

  /// - Parameter option: nil for empty lines.
  /// - Throws: `HintedError` for an empty text.
  public init(option: String?) throws {
    guard option != "" else {
      throw HintedError("--separator is empty", hint: "blank-line, line, or a text", status: .usage)
    }
    self.init(word: option ?? "blank-line")
  }
}
