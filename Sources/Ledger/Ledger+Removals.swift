import Foundation
import GRDB
import Lineage

/// Orders that answers of some origin must not be in a corpus. One is added and may be undone; none goes.
extension Ledger {
  /// - Returns: the removal with its number.
  @discardableResult
  public func record(removal: Removal) async throws -> Removal {
    try await write { database in
      try database.execute(
        sql: "INSERT INTO removal (corpus, list, word, reason, orderedAt) VALUES (?, ?, ?, ?, ?)",
        arguments: [removal.corpus, removal.list, removal.word, removal.reason, removal.orderedAt])
      var recorded = removal
      recorded.number = Int(database.lastInsertedRowID)
      return recorded
    }
  }

  /// Undoes what stands with this condition.
  /// - Returns: how many there were.
  @discardableResult
  public func undoRemovals(of corpus: String, list: String, word: String) async throws -> Int {
    try await write { database in
      try database.execute(
        sql: "UPDATE removal SET undoneAt = ? WHERE corpus = ? AND list = ? AND word = ? AND undoneAt IS NULL",
        arguments: [Date(), corpus, list, word])
      return database.changesCount
    }
  }

  /// Everything that was ever ordered about a corpus, oldest first.
  public func removals(of corpus: String) throws -> [Removal] {
    try readNow { database in
      try Row.fetchAll(database, sql: "SELECT * FROM removal WHERE corpus = ? ORDER BY number", arguments: [corpus])
        .map { row in
          Removal(
            number: row["number"], corpus: row["corpus"], list: row["list"], word: row["word"], reason: row["reason"],
            orderedAt: row["orderedAt"], undoneAt: row["undoneAt"])
        }
    }
  }

  /// What stands, in the order of the conditions.
  public func standingRemovals(of corpus: String) throws -> [Removal] {
    try removals(of: corpus).filter { $0.undoneAt == nil }.sorted { $0.condition < $1.condition }
  }
}
