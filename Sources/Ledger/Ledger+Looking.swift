import Basics
import Foundation
import GRDB

/// Looking makes nothing: no file, no folder, no table.
extension Ledger {
  /// Opens a ledger to look at it. It may lie where nothing can be written, and stem from an earlier version.
  /// - Throws: `HintedError` for a file that is missing, no ledger, damaged, or from a newer version.
  public convenience init(looking path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      throw HintedError(
        "there is no ledger at \(path)",
        hint: "`alambic ask` or `alambic make` begins one; --workspace names another folder", status: .badData)
    }
    try Self.checkMagic(of: path)
    do {
      self.init(path: path, try Self.current(try Self.readable(path), path))
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// A ledger of which nothing is on a disk, for a workspace that is not there yet.
  /// - Parameter path: where it will lie.
  public convenience init(unmade path: String) throws {
    do {
      let memory = try DatabaseQueue()
      try LedgerSchema.migrator.migrate(memory)
      self.init(path: path, memory)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// A file with a write-ahead log is read with files beside it, which a folder without write access does not take: a
  /// copy elsewhere does.
  private static func readable(_ path: String) throws -> DatabaseQueue {
    do {
      return try lookedInto(path)
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM].contains(error.resultCode)
    {
      let manager = FileManager.default
      let copy = manager.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
      // What is open stays readable.
      defer { try? manager.removeItem(atPath: copy) }
      try AtomicFile.makeFolder(copy)
      for ending in ["", "-wal"] where manager.fileExists(atPath: path + ending) {
        try manager.copyItem(atPath: path + ending, toPath: "\(copy)/ledger.sqlite\(ending)")
        try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(copy)/ledger.sqlite\(ending)")
      }
      return try lookedInto("\(copy)/ledger.sqlite")
    }
  }

  static func lookedInto(_ path: String) throws -> DatabaseQueue {
    var configuration = configuration
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    // SQLite opens anything until it is asked.
    _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
    return queue
  }

  /// The tables as this version has them: an earlier version's are brought up to date in memory.
  private static func current(_ queue: DatabaseQueue, _ path: String) throws -> any DatabaseWriter {
    let schema = LedgerSchema.migrator
    try queue.read { database in
      try checkIsOurs(database, path)
      try checkAge(database, schema, path)
    }
    if try queue.read(schema.hasCompletedMigrations) { return queue }
    let memory = try DatabaseQueue()
    try queue.backup(to: memory)
    try schema.migrate(memory)
    return memory
  }

  /// Another program's file must not get our tables, nor pass for an empty ledger.
  static func checkIsOurs(_ database: Database, _ path: String) throws {
    let tables = try String.fetchAll(
      database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    guard !tables.isEmpty, !tables.contains("grdb_migrations") || !tables.contains("request") else { return }
    // A ledger whose first migration was cut off has the list of migrations, and nothing else.
    guard tables != ["grdb_migrations"] else { return }
    throw HintedError(
      "\(path) is not a ledger: it is an SQLite file with the tables \(tables.prefix(3).joined(separator: ", "))",
      hint: "move that file away, or use another path", status: .badData)
  }

  static func checkAge(_ database: Database, _ schema: DatabaseMigrator, _ path: String) throws {
    guard try !schema.hasBeenSuperseded(database) else {
      throw HintedError(
        "\(path) was written by a newer version of alambic", hint: "update alambic, or use another workspace")
    }
  }
}
