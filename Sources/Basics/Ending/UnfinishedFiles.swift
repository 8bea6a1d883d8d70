import Foundation
import Synchronization

/// Files under temporary names: who is at one, and who removes what a process left.
///
/// A file `NAME` is written as `.NAME.<UUID>.partial` beside it, and whoever writes it holds a lock on it (flock). The
/// system takes the lock back when the process ends, however it ends. So anyone may remove what nobody holds: the first
/// file that a process writes into a folder removes what processes that were killed left there.
public enum UnfinishedFiles {
  /// A file that is being written, and is locked.
  struct Opened {
    var path: String
    var descriptor: Int32
  }

  /// Makes the temporary file of `path`, whose folder exists.
  /// - Throws: `HintedError` with the system's reason.
  static func open(for path: String) throws -> Opened {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent().path
    sweepOnce(folder)
    while true {
      let temporary = temporaryPath(for: url.lastPathComponent, in: folder)
      let descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw AtomicFile.failure("cannot create \(path)") }
      // Where a file system knows no locks, nothing can be removed either.
      _ = flock(descriptor, LOCK_EX)
      var status = stat()
      // A process that sweeps may have come between the two lines above.
      if fstat(descriptor, &status) != 0 || status.st_nlink > 0 {
        return Opened(path: temporary, descriptor: descriptor)
      }
      close(descriptor)
      forget(temporary)
    }
  }

  /// Makes the temporary folder of a folder that is to be made whole, and locks it.
  /// - Returns: its path, and what ends its time: to be called once it has its name, or was removed.
  /// - Throws: `HintedError` with the system's reason.
  public static func makeFolder(for path: String) throws -> (path: String, end: () -> Void) {
    let url = URL(fileURLWithPath: path)
    let parent = url.deletingLastPathComponent().path
    try AtomicFile.makeFolder(parent)
    sweepOnce(parent)
    let temporary = temporaryPath(for: url.lastPathComponent, in: parent)
    try AtomicFile.makeFolder(temporary)
    let descriptor = Foundation.open(temporary, O_RDONLY | O_CLOEXEC)
    _ = flock(descriptor, LOCK_EX)
    return (
      temporary,
      {
        close(descriptor)
        forget(temporary)
      }
    )
  }

  /// It has its name, or was removed.
  static func forget(_ temporary: String) {
    state.withLock { _ = $0.underWay.remove(temporary) }
  }

  /// Removes what this process has under way, and lets it start no more: it is about to end in the middle of work.
  public static func removeAll() {
    let paths = state.withLock { state in
      state.isClosed = true
      return state.underWay
    }
    for path in paths { removeTree(path) }
  }

  /// Removes what processes that ended left in a folder.
  package static func sweep(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isTemporary(name) {
      let path = "\(folder)/\(name)"
      let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { removeTree(path) }
      close(descriptor)
    }
  }

  /// `.NAME.<UUID>.partial`
  package static func isTemporary(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[0].isEmpty, parts[parts.count - 1] == "partial" else { return false }
    return UUID(uuidString: String(parts[parts.count - 2])) != nil
  }

  private struct State {
    var underWay: Set<String> = []
    /// Folders that this process swept.
    var swept: Set<String> = []
    var isClosed = false
  }

  private static let state = Mutex(State())

  private static func temporaryPath(for name: String, in folder: String) -> String {
    let path = "\(folder)/.\(name).\(UUID().uuidString).partial"
    let isClosed = state.withLock { state in
      if !state.isClosed { state.underWay.insert(path) }
      return state.isClosed
    }
    // The process ends any moment: a file that is made now would be left.
    while isClosed { sleep(1) }
    return path
  }

  private static func sweepOnce(_ folder: String) {
    if state.withLock({ $0.swept.insert(folder).inserted }) { sweep(folder) }
  }

  private static func removeTree(_ path: String) {
    if unlink(path) != 0 { try? FileManager.default.removeItem(atPath: path) }
  }
}
