import Basics
import Foundation

/// Says that a process is training into an output: an advisory lock, which the system drops with the process, however
/// it ends.
final class RunLock {
  private let path: String
  private let descriptor: Int32

  static func path(of output: String) -> String { "\(output).lock" }

  /// - Throws: `HintedError` when another process has it.
  init(output: String) throws {
    let path = Self.path(of: output)
    // The lock is taken before the object is whole: one that was refused must not remove another's file.
    descriptor = try Self.lockedFile(path, output)
    self.path = path
  }

  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Whether some process holds the lock of that output.
  static func isHeld(output: String) -> Bool {
    let descriptor = open(path(of: output), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func lockedFile(_ path: String, _ output: String) throws -> Int32 {
    try AtomicFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw HintedError("cannot create \(path)", status: .unavailable) }
    // Whoever looks holds the lock for a moment, so one refusal means little.
    for _ in 0..<5 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
      usleep(20_000)
    }
    close(descriptor)
    throw HintedError(
      "another process is training into \(output)", hint: "wait for it (alambic run watch), or choose another output",
      code: .busy)
  }
}
