import GRDB

/// Lets writes that come while others are on their way to the disk share the next transaction: many answers cost one
/// flush. A call returns when its own write is on the disk, as if it had been alone.
actor GroupCommit {
  private struct Entry: Sendable {
    /// Writes, and returns what tells the caller once that is on the disk.
    var write: @Sendable (Database) throws -> @Sendable () -> Void
    var fail: @Sendable (any Error) -> Void
  }

  private let database: any DatabaseWriter
  private var waiting: [Entry] = []
  private var isWriting = false

  init(_ database: any DatabaseWriter) { self.database = database }

  /// - Throws: what `body` throws, and SQLite's errors; nothing of `body` is stored then.
  func perform<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      waiting.append(
        Entry(
          write: { database in
            let value = try body(database)
            return { continuation.resume(returning: value) }
          },
          fail: { continuation.resume(throwing: $0) }))
      guard !isWriting else { return }
      isWriting = true
      // Apart from the caller's task: its cancellation must not take the others' writes along.
      Task { await drain() }
    }
  }

  private func drain() async {
    while !waiting.isEmpty {
      let group = waiting
      waiting = []
      do {
        let ends = try await database.write { database in try group.map { try Self.write($0, into: database) } }
        for end in ends { end() }
      } catch {
        for entry in group { entry.fail(error) }
      }
    }
    isWriting = false
  }

  /// What fails for itself takes nothing of the others along; what the disk refuses, all do.
  private static func write(_ entry: Entry, into database: Database) throws -> @Sendable () -> Void {
    var end: @Sendable () -> Void = {}
    do {
      try database.inSavepoint {
        end = try entry.write(database)
        return .commit
      }
      return end
    } catch let error as DatabaseError where error.resultCode != .SQLITE_CONSTRAINT {
      throw error
    } catch {
      return { entry.fail(error) }
    }
  }
}
