import Basics
import Foundation
import GRDB

/// The workbench's memory: what was asked and answered, what was made of what. One SQLite file, specified in
/// docs/formats/ledger.md.
///
/// Every method is one transaction, or shares one, and is flushed to the disk before it returns. Several processes may
/// use the file at once.
public final class Ledger: Sendable {
  public let path: String
  private let database: any DatabaseWriter
  private let group: GroupCommit
  /// Who holds the leases that this object takes.
  let holder = LeaseHolder()

  /// Seconds that a write waits for another process's.
  public static let busyTimeoutSeconds: Double = 15

  /// Opens the ledger, and makes it and its folder when they are missing.
  /// - Throws: `HintedError` when the file is no ledger, is damaged, stems from a newer version, or cannot be written.
  public convenience init(path: String) throws {
    try AtomicFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    try Self.checkMagic(of: path)
    do {
      self.init(path: path, try Self.opened(path, until: Date(timeIntervalSinceNow: Self.busyTimeoutSeconds)))
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  init(path: String, _ database: any DatabaseWriter) {
    (self.path, self.database) = (path, database)
    group = GroupCommit(database)
  }

  /// SQLite waits for others by itself, but not while it turns a new file into one with a write-ahead log.
  private static func opened(_ path: String, until deadline: Date) throws -> DatabasePool {
    while true {
      do {
        return try opened(path)
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && deadline > Date() {
        Thread.sleep(forTimeInterval: 0.01)
      }
    }
  }

  private static func opened(_ path: String) throws -> DatabasePool {
    // A pool writes at once: it turns the file into one with a write-ahead log.
    if FileManager.default.fileExists(atPath: path) { try lookedInto(path).read { try checkIsOurs($0, path) } }
    let database = try DatabasePool(path: path, configuration: configuration)
    try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    let schema = LedgerSchema.migrator
    try database.read { try checkAge($0, schema, path) }
    try migrate(database, by: schema)
    return database
  }

  /// Two processes may open a new ledger at once. Both find the same steps missing, and the one that comes second fails
  /// at a step that the other has taken: its own is rolled back, and it goes on from there.
  private static func migrate(_ database: DatabasePool, by schema: DatabaseMigrator) throws {
    while true {
      let taken = try database.read(schema.appliedIdentifiers)
      do {
        return try schema.migrate(database)
      } catch {
        guard try database.read(schema.appliedIdentifiers) != taken else { throw error }
      }
    }
  }

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(busyTimeoutSeconds)
    configuration.label = "alambic.ledger"
    return configuration
  }

  /// SQLite takes any short or foreign file until the first query; its own words for that help nobody.
  static func checkMagic(of path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else { return }
    defer { try? handle.close() }
    let magic = Array("SQLite format 3\0".utf8)
    let start = (try? handle.read(upToCount: magic.count)).flatMap { $0 } ?? Data()
    guard start.isEmpty || Array(start) == magic else {
      throw HintedError(
        "\(path) is not a ledger: it is not an SQLite file", hint: "move that file away, or use another path")
    }
  }

  /// Ends all connections; the file alone then holds everything, without its journal.
  public func close() throws {
    do {
      try database.close()
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// The journal mode and the `synchronous` level of the connection that writes.
  package func durabilitySettings() async throws -> [String] {
    try await write { database in
      try ["journal_mode", "synchronous"].map { try String.fetchOne(database, sql: "PRAGMA \($0)") ?? "" }
    }
  }

  /// All pages, as one transaction sees them.
  func backUp(to other: Ledger) throws {
    do {
      try database.backup(to: other.database)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    do {
      return try await database.read(body)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// As `read`, for callers that cannot wait: what few rows hold.
  func readNow<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try database.read(body)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// Runs `body` in a transaction that it may share with others that come at the same time: all of it is stored, or
  /// nothing.
  func writeTogether<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    do {
      return try await group.perform(body)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// Runs `body` on the connection that writes, outside of a transaction: what SQLite does not take within one.
  func writeAlone<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    do {
      return try await database.writeWithoutTransaction(body)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }

  /// Runs `body` in one transaction: all of it is stored, or nothing.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    do {
      return try await database.write(body)
    } catch {
      throw LedgerFailure.hinted(error, path: path)
    }
  }
}
