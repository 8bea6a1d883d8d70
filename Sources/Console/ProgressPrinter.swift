import Foundation
import Synchronization

/// Prints progress to standard error: rewritten in place on a terminal, a plain line every few seconds elsewhere, so
/// that a log stays short.
public final class ProgressPrinter: Sendable {
  private let terminal: Terminal
  private let isQuiet: Bool
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameter isQuiet: prints nothing at all; errors are rendered elsewhere.
  public init(
    terminal: Terminal, isQuiet: Bool = false, write: @escaping @Sendable (String) -> Void = StandardStream.say
  ) {
    self.terminal = terminal
    self.isQuiet = isQuiet
    self.write = write
  }

  /// Shows a line that the next one may replace; dropped when the last one is too recent.
  public func update(_ text: @autoclosure () -> String, now: Date = Date()) {
    guard !isQuiet else { return }
    let interval = terminal.rewritesLines ? 0.1 : 5.0
    state.withLock { inner in
      guard now.timeIntervalSince(inner.shownAt) >= interval else { return }
      inner.shownAt = now
      if terminal.rewritesLines {
        write(terminal.lineStart + clipped(text()))
        inner.lineIsOpen = true
      } else {
        write(text() + "\n")
      }
    }
  }

  /// Prints a line that stays.
  public func say(_ text: String) {
    guard !isQuiet else { return }
    state.withLock { inner in
      write((inner.lineIsOpen ? terminal.lineStart : "") + text + "\n")
      inner.lineIsOpen = false
      // The stage that follows shows its first line only after an interval of its own.
      inner.shownAt = Date()
    }
  }

  private struct State {
    var shownAt = Date.distantPast
    var lineIsOpen = false
  }

  private func clipped(_ line: String) -> String {
    // Escape sequences take no room on the screen, but only the stage's name carries them, at the start.
    let allowance = terminal.showsColour ? 8 : 0
    return String(line.prefix(terminal.columnCount - 1 + allowance))
  }
}
