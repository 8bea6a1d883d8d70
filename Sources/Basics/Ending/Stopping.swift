import Synchronization

/// What a stop has to wait for: work that would cost more to cut off than a person waits.
///
/// A process that was asked to end, and whose work does not end by itself within a moment, is ended: a kill at any
/// moment loses nothing that is stored. Only what is named here is waited for, and a person is told.
public enum Stopping {
  /// Runs work that a stop waits for.
  /// - Parameter what: what is waited for, as it stands behind "waits for".
  public static func waits<Result>(for what: String, _ work: () throws -> Result) rethrows -> Result {
    let ticket = enter(what)
    defer { leave(ticket) }
    return try work()
  }

  /// Runs work that a stop waits for.
  /// - Parameter what: what is waited for, as it stands behind "waits for".
  public static func waits<Result>(
    for what: String, isolation: isolated (any Actor)? = #isolation, _ work: () async throws -> sending Result
  ) async rethrows -> sending Result {
    let ticket = enter(what)
    defer { leave(ticket) }
    return try await work()
  }

  /// What is waited for now, the oldest first, each once.
  public static var awaited: [String] {
    let names = works.withLock { works in works.names.sorted { $0.key < $1.key }.map(\.value) }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private struct Works {
    var next = 0
    var names: [Int: String] = [:]
  }

  private static let works = Mutex(Works())

  private static func enter(_ what: String) -> Int {
    works.withLock { works in
      works.next += 1
      works.names[works.next] = what
      return works.next
    }
  }

  private static func leave(_ ticket: Int) {
    works.withLock { _ = $0.names.removeValue(forKey: ticket) }
  }
}
