import Foundation
import Synchronization

/// Standard input as keys come: no echo, no line discipline, no signals from keys. The mode that it found comes back
/// with `restore()`, and when the process ends by `exit`.
public final class TerminalInput: Sendable {
  private let saved: termios

  /// Whether a person sits at both ends, with a terminal that can be drawn on.
  public static func isInteractive(environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
  }

  /// Takes over the terminal; nil where standard input is none.
  public init?() {
    var mode = termios()
    guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return nil }
    saved = mode
    guard takeOver() else { return nil }
  }

  /// Takes the terminal over again after `restore()`, once another program has had it.
  public func takeOver() -> Bool {
    var mode = saved
    atExit.withLock { $0 = saved }
    _ = Self.registered
    mode.c_iflag &= ~tcflag_t(ICRNL | IXON)
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN | ISIG)
    return tcsetattr(STDIN_FILENO, TCSANOW, &mode) == 0
  }

  public func restore() {
    var mode = saved
    tcsetattr(STDIN_FILENO, TCSANOW, &mode)
    atExit.withLock { $0 = nil }
  }

  /// What has come by now.
  public enum Arrival: Hashable, Sendable {
    case bytes([UInt8])
    case nothing
    /// The terminal is gone.
    case ended
  }

  /// Waits so long for bytes; 0 only looks.
  public func read(waiting milliseconds: Int32) -> Arrival {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return .nothing }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
    return count > 0 ? .bytes(Array(bytes.prefix(count))) : .ended
  }

  /// The terminal's width now: windows change.
  public static var columnCount: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Gives a terminal that is taken over its mode back, since the process ends without `exit`.
  public static func restoreAtEnd() {
    atExit.withLock { if var mode = $0 { tcsetattr(STDIN_FILENO, TCSANOW, &mode) } }
  }

  private static let registered: Bool = {
    atexit { TerminalInput.restoreAtEnd() }
    return true
  }()
}

/// The mode to leave behind when the process ends while a terminal is taken over.
private let atExit = Mutex<termios?>(nil)
