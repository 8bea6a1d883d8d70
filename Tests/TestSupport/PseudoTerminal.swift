import Foundation
import Subprocess
import SystemPackage

/// A person at a terminal: a real pseudo-terminal, whose other end a test holds.
public final class PseudoTerminal: @unchecked Sendable {
  // Sendable because one test uses it.

  private let person: Int32
  private let program: Int32
  /// What the terminal showed since the last `wait`.
  private var shown = ""

  /// What went wrong while waiting.
  public struct Silence: Error, CustomStringConvertible {
    public var description: String
  }

  public init() throws {
    person = posix_openpt(O_RDWR | O_NOCTTY)
    guard person >= 0, grantpt(person) == 0, unlockpt(person) == 0, let name = ptsname(person) else {
      throw Silence(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    program = open(String(cString: name), O_RDWR | O_NOCTTY)
    guard program >= 0 else { throw Silence(description: "no terminal: \(String(cString: strerror(errno)))") }
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(person, UInt(TIOCSWINSZ), &size)
  }

  deinit {
    close(person)
    close(program)
  }

  /// The terminal's mode: what a program must leave as it found it.
  public var mode: [UInt32] {
    var mode = termios()
    tcgetattr(program, &mode)
    return [mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag].map { UInt32(truncatingIfNeeded: $0) }
  }

  var programDescriptor: Int32 { program }

  public func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(person, bytes, bytes.count)
  }

  /// Waits until the terminal shows a text.
  /// - Returns: what it showed up to and with it.
  @discardableResult
  public func wait(for text: String, seconds: Double = 60) async throws -> String {
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end {
      read()
      if let range = shown.range(of: text) {
        defer { shown = String(shown[range.upperBound...]) }
        return String(shown[..<range.upperBound])
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Silence(description: "waited for '\(text)', saw '\(shown)'")
  }

  /// What else it shows by now.
  public func rest() -> String {
    read()
    defer { shown = "" }
    return shown
  }

  private var pending: [UInt8] = []

  private func read() {
    var descriptor = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
    while poll(&descriptor, 1, 0) > 0, descriptor.revents & Int16(POLLIN) != 0 {
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = Foundation.read(person, &bytes, bytes.count)
      guard count > 0 else { return }
      pending += bytes.prefix(count)
      // A terminal may cut a character in two.
      guard let text = String(bytes: pending, encoding: .utf8) else { continue }
      shown += text
      pending = []
    }
  }
}

extension AlambicCommand {
  /// Runs it at a pseudo-terminal while `person` types and waits.
  /// - Returns: its exit status; 128 + the signal's number when a signal ended it.
  public func run(
    _ arguments: [String], at terminal: PseudoTerminal, environment: [String: String] = [:],
    person: (_ end: (Ending) -> Void) async throws -> Void
  ) async throws -> Int32 {
    let file = FileDescriptor(rawValue: terminal.programDescriptor)
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: Self.environment(environment),
      workingDirectory: FilePath(folder), input: .fileDescriptor(file, closeAfterSpawningProcess: false),
      output: .fileDescriptor(file, closeAfterSpawningProcess: false),
      error: .fileDescriptor(file, closeAfterSpawningProcess: false)
    ) { execution in
      do {
        try await person { try? execution.send(signal: $0.signal) }
      } catch {
        // Nobody is left to end it.
        try? execution.send(signal: .kill)
        throw error
      }
    }
    return switch result.terminationStatus {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
