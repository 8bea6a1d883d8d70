import Basics
import Foundation
import GRDB
import Lineage

/// What people decided about texts. A decision is added and may be undone; no row is changed otherwise, and none goes.
extension Ledger {
  /// - Returns: the decision with its number.
  /// - Throws: `HintedError` for one that breaks a limit.
  @discardableResult
  public func record(decision: Decision) async throws -> Decision {
    if let violation = decision.violation { throw HintedError(violation, status: .usage) }
    return try await write { database in
      try database.execute(
        sql: """
          INSERT INTO decision (corpus, textID, ruling, reason, newText, decidedAt) VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          decision.corpus, decision.textID.description, decision.ruling.rawValue, decision.reason, decision.newText,
          decision.decidedAt,
        ])
      var recorded = decision
      recorded.number = Int(database.lastInsertedRowID)
      return recorded
    }
  }

  /// Undoes the newest decision about a corpus that still stands; one about the same text before it stands again.
  /// - Returns: nil where none stands.
  @discardableResult
  public func undoDecision(of corpus: String) async throws -> Decision? {
    try await write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM decision WHERE corpus = ? AND undoneAt IS NULL ORDER BY number DESC LIMIT 1",
        arguments: [corpus])
      guard var decision = try row.map({ try Decision(ledgerRow: $0) }) else { return nil }
      let now = Date()
      try database.execute(
        sql: "UPDATE decision SET undoneAt = ? WHERE number = ?", arguments: [now, decision.number])
      decision.undoneAt = now
      return decision
    }
  }

  /// Everything that was ever decided about a corpus, oldest first.
  public func decisions(of corpus: String) async throws -> [Decision] {
    try await read { try Self.decisions(of: corpus, in: $0) }
  }

  /// What stands: of each text the newest decision that was not undone, in the order of the texts' ids.
  public func standingDecisions(of corpus: String) throws -> [Decision] {
    var newest: [ContentID: Decision] = [:]
    for decision in try readNow({ try Self.decisions(of: corpus, in: $0) }) where decision.undoneAt == nil {
      newest[decision.textID] = decision
    }
    return newest.values.sorted { $0.textID < $1.textID }
  }

  private static func decisions(of corpus: String, in database: Database) throws -> [Decision] {
    try Row.fetchAll(database, sql: "SELECT * FROM decision WHERE corpus = ? ORDER BY number", arguments: [corpus])
      .map { try Decision(ledgerRow: $0) }
  }
}

extension Decision {
  fileprivate init(ledgerRow row: Row) throws {
    let word: String = row["ruling"]
    guard let ruling = Ruling(rawValue: word) else {
      throw HintedError("the ledger holds a decision of the unknown kind '\(word.prefix(80))'")
    }
    self.init(
      number: row["number"], corpus: row["corpus"], textID: try ContentID(ledgerText: row["textID"]), ruling: ruling,
      reason: row["reason"], newText: row["newText"], decidedAt: row["decidedAt"], undoneAt: row["undoneAt"])
  }
}
