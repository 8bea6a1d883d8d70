import Basics
import Foundation
import Synchronization

/// The process's two streams, by write(2): Foundation's file handle ends the process by a signal where a disk is full
/// or a stream is closed, in the middle of whatever it was doing.
public enum StandardStream {
  /// Writes an answer. Where that fails there is nobody left to tell it to: one sentence on standard error, status 69.
  public static func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes bytes that need not be text.
  public static func write(_ bytes: [UInt8]) {
    hasAnswered.store(true, ordering: .relaxed)
    guard let failure = bytes.withUnsafeBytes({ failure(of: $0, STDOUT_FILENO) }) else { return }
    say("error: cannot write standard output: \(failure)\n")
    exit(ExitStatus.unavailable.rawValue)
  }

  /// Writes for a person; where that fails nobody reads it, and work goes on.
  public static func say(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { failure(of: $0, STDERR_FILENO) }
  }

  private static let hasAnswered = Atomic(false)

  /// Writes what an error has in the place of an answer: nothing where an answer was given already, since that is the
  /// whole output of a program. Where it cannot be written the error's status stays.
  public static func writeInsteadOfAnswer(_ text: String) {
    guard !hasAnswered.load(ordering: .relaxed) else { return }
    _ = Array(text.utf8).withUnsafeBytes { failure(of: $0, STDOUT_FILENO) }
  }

  /// Whether answers are read by a person on a terminal, and not by a program or a file.
  public static var showsAnswers: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Opens what the parent closed, so that none of its files gets a stream's number and an answer is written into it.
  /// Reads end at once, answers fail, and words to a person vanish.
  public static func openClosedOnes() {
    for (descriptor, flags) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest number that is free is this one, since those below are open by now.
      _ = open("/dev/null", flags)
    }
  }

  /// - Returns: the system's reason where not all was written.
  private static func failure(of bytes: UnsafeRawBufferPointer, _ descriptor: Int32) -> String? {
    var offset = 0
    while offset < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        // A terminal or pipe that was made not to block: wait until it takes more.
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = Foundation.poll(&poll, 1, -1)
        continue
      }
      guard count >= 0 else { return String(cString: strerror(errno)) }
      offset += count
    }
    return nil
  }
}
