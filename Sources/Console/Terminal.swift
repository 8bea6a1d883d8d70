import Foundation

/// Where text goes, and what that place can show. Data goes to standard output, everything else to standard error.
public struct Terminal: Sendable {
  /// Escape sequences for colour are welcome.
  public var showsColour: Bool
  /// The last line can be rewritten in place.
  public var rewritesLines: Bool
  public var columnCount: Int

  public init(showsColour: Bool, rewritesLines: Bool, columnCount: Int = 80) {
    self.showsColour = showsColour
    self.rewritesLines = rewritesLines
    self.columnCount = columnCount
  }

  /// What begins a line where another may stand that was to be rewritten.
  public var lineStart: String { rewritesLines ? "\r\u{1B}[K" : "" }

  /// Standard error as it is: a terminal or not, with `NO_COLOR` (no-color.org) and `TERM=dumb` respected.
  public static func standardError(environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
    terminal(on: STDERR_FILENO, environment)
  }

  /// Standard output, likewise: for commands whose result is a line that changes.
  public static func standardOutput(environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
    terminal(on: STDOUT_FILENO, environment)
  }

  private static func terminal(on descriptor: Int32, _ environment: [String: String]) -> Terminal {
    let isTerminal = isatty(descriptor) == 1
    let isDumb = environment["TERM"] == "dumb"
    let refusesColour = !(environment["NO_COLOR"] ?? "").isEmpty
    return Terminal(
      showsColour: isTerminal && !isDumb && !refusesColour,
      rewritesLines: isTerminal && !isDumb,
      columnCount: windowWidth(descriptor) ?? environment["COLUMNS"].flatMap { Int($0) } ?? 80)
  }

  private static func windowWidth(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}

/// The few styles that Alambic uses; plain text where colour is not welcome.
public enum Style: String, Sendable {
  case strong = "1"
  case faint = "2"
  case good = "32"
  case bad = "31"
  case accent = "36"

  public func callAsFunction(_ text: String, on terminal: Terminal) -> String {
    terminal.showsColour ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
