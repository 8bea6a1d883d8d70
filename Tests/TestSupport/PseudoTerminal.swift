import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A person at a terminal: a real pseudo-terminal, whose other end a test holds.
public final class PseudoTerminal: Sendable {
  private let person: Int32
  private let program: Int32
  private let screen = Mutex(Screen())

  private struct Screen {
    /// What the terminal showed since the last `wait`.
    var shown = ""
    /// Bytes of a character that is not whole yet.
    var pending: [UInt8] = []
  }

  /// What went wrong while waiting.
  public struct Silence: Error, CustomStringConvertible {
    public var description: String
  }

  public init() throws {
    var (person, program): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&person, &program, nil, nil, &size) == 0 else {
      throw Silence(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
    }
    (self.person, self.program) = (person, program)
    // A program that is started while another terminal is open must not hold on to it.
    for descriptor in [person, program] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    // Always, for a program waits for room when nobody reads what it says, even while it ends.
    Thread.detachNewThread { [weak self] in
      while let terminal = self {
        terminal.read()
        usleep(5000)
      }
    }
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
      let found = screen.withLock { screen -> String? in
        guard let range = screen.shown.range(of: text) else { return nil }
        defer { screen.shown = String(screen.shown[range.upperBound...]) }
        return String(screen.shown[..<range.upperBound])
      }
      if let found { return found }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw Silence(description: "waited for '\(text)', saw '\(screen.withLock { $0.shown.suffix(2000) })'")
  }

  private func read() {
    var descriptor = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
    while poll(&descriptor, 1, 0) > 0, descriptor.revents & Int16(POLLIN) != 0 {
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = Foundation.read(person, &bytes, bytes.count)
      guard count > 0 else { return }
      screen.withLock { screen in
        screen.pending += bytes.prefix(count)
        guard let text = String(bytes: screen.pending, encoding: .utf8) else { return }
        screen.shown += text
        screen.pending = []
      }
    }
  }
}

extension AlambicCommand {
  /// Runs it at a pseudo-terminal while `person` types and waits.
  /// - Returns: its exit status; 128 + the signal's number when a signal ended it.
  public func run(
    _ arguments: [String], at terminal: PseudoTerminal, environment: [String: String] = [:],
    person: (_ end: @escaping (Ending) -> Void) async throws -> Void
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
