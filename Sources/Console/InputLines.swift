import Foundation

/// The lines of standard input as the bytes that they are, without their ends (LF, or CR LF).
public struct InputLines {
  private var waiting: [UInt8] = []
  /// How much of what waits is known to hold no line end.
  private var lookedAt = 0
  private var hasEnded = false

  public init() {}

  /// Waits for the next line.
  /// - Returns: nil at the end; a last line without an end counts.
  /// - Throws: `CancellationError` when the command is to stop.
  public mutating func next() throws -> [UInt8]? {
    while true {
      if let end = waiting[lookedAt...].firstIndex(of: UInt8(ascii: "\n")) {
        var line = Array(waiting[..<end])
        waiting.removeSubrange(...end)
        lookedAt = 0
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      lookedAt = waiting.count
      if hasEnded {
        defer { (waiting, lookedAt) = ([], 0) }
        return waiting.isEmpty ? nil : waiting
      }
      try Task.checkCancellation()
      read()
    }
  }

  /// Reads what is there, and looks up now and then while nothing is.
  private mutating func read() {
    var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, 100) > 0 else { return }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(STDIN_FILENO, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    if count > 0 { waiting += bytes.prefix(count) } else { hasEnded = true }
  }
}
