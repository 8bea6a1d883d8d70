import Basics
import Foundation
import GRDB
import Lineage

/// What a ledger takes over from another one: of a part, of an earlier attempt at it, or of the workspace.
extension Ledger {
  /// What of another ledger is taken.
  public enum Share: Sendable {
    /// Answers and refusals of these prompts; what they cost is booked where they came from.
    case answers(of: Set<ContentID>)
    /// Everything that was asked, with what it cost.
    case all
    /// What was spent, and no answer: those of another ledger were taken.
    case bills
  }

  /// What an import brought.
  public struct Import: Hashable, Sendable {
    public var answerCount = 0
    /// Answers to requests that have another one here, which stays. They are booked as attempts: they were paid.
    public var unusedCount = 0

    public init(answerCount: Int = 0, unusedCount: Int = 0) {
      (self.answerCount, self.unusedCount) = (answerCount, unusedCount)
    }
  }

  /// Takes over what another ledger holds, in one transaction. Doing it again changes nothing.
  /// - Parameter path: a closed ledger of this version; nobody writes to it meanwhile.
  public func takeOver(_ share: Share, from path: String) async throws -> Import {
    guard FileManager.default.fileExists(atPath: path) else {
      throw HintedError("no such ledger: \(path)")
    }
    return try await writeAlone { database in
      try database.execute(sql: "ATTACH DATABASE ? AS other", arguments: [path])
      defer { try? database.execute(sql: "DETACH DATABASE other") }
      var result = Import()
      try database.inTransaction {
        result = try Self.takeOver(share, in: database)
        return .commit
      }
      return result
    }
  }

  /// Ends all connections after the journal is in the file: it alone is what is hashed and carried elsewhere.
  public func closeAsOneFile() async throws {
    try await writeAlone { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try close()
    let journal = (try? FileManager.default.attributesOfItem(atPath: "\(path)-wal")[.size] as? Int) ?? 0
    guard journal == 0 else {
      throw HintedError("\(path) still has a journal", hint: "end whoever else reads it", status: .unavailable)
    }
  }

  private static func takeOver(_ share: Share, in database: Database) throws -> Import {
    let before = try Int.fetchOne(database, sql: "SELECT count(*) FROM main.answer") ?? 0
    var result = Import()
    switch share {
    case .answers(let promptIDs):
      try database.execute(sql: "CREATE TEMP TABLE wanted (id TEXT NOT NULL PRIMARY KEY) STRICT")
      for id in promptIDs {
        try database.execute(sql: "INSERT INTO wanted (id) VALUES (?)", arguments: [id.description])
      }
      try copyRequests("WHERE promptID IN (SELECT id FROM wanted)", in: database)
      try copyAnswers("WHERE requestID IN (SELECT id FROM main.request)", in: database)
      try database.execute(sql: "DROP TABLE wanted")
    case .all:
      try copyRequests("", in: database)
      try copyAnswers("", in: database)
      try copyBills(in: database)
      result.unusedCount = try bookUnused(in: database)
    case .bills:
      try copyRequests("", in: database)
      try copyBills(in: database)
      result.unusedCount = try bookUnused(in: database)
    }
    result.answerCount = (try Int.fetchOne(database, sql: "SELECT count(*) FROM main.answer") ?? 0) - before
    return result
  }

  private static func copyRequests(_ condition: String, in database: Database) throws {
    let columns = "id, promptID, endpoint, model, payload, createdAt"
    try database.execute(
      sql: "INSERT OR IGNORE INTO main.request (\(columns)) SELECT \(columns) FROM other.request \(condition)")
  }

  private static func copyAnswers(_ condition: String, in database: Database) throws {
    let columns = """
      requestID, sampleID, text, finishReason, model, promptTokenCount, completionTokenCount, cost, body, receivedAt, \
      reasoning, isUsageEstimated
      """
    try database.execute(
      sql: "INSERT OR IGNORE INTO main.answer (\(columns)) SELECT \(columns) FROM other.answer \(condition)")
    let refusal = "requestID, status, detail, refusedAt"
    try database.execute(
      sql: "INSERT OR IGNORE INTO main.refusal (\(refusal)) SELECT \(refusal) FROM other.refusal \(condition)")
    // A later yes counts more than an earlier no.
    try database.execute(sql: "DELETE FROM main.refusal WHERE requestID IN (SELECT requestID FROM main.answer)")
  }

  /// Attempts, and leases as attempts that were lost: whoever held them is gone.
  private static func copyBills(in database: Database) throws {
    let columns = "requestID, number, startedAt, durationSeconds, status, outcome, detail, cost, possibleCost"
    try database.execute(
      sql: """
        INSERT INTO main.attempt (\(columns))
        SELECT \(columns) FROM (
          SELECT id AS place, \(columns) FROM other.attempt
          UNION ALL
          SELECT 0, requestID, number, startedAt, 0, NULL, 'lost', 'the part that sent it ended before an answer came',
            0, possibleCost FROM other.lease
        ) AS theirs
        WHERE NOT EXISTS (
          SELECT 1 FROM main.attempt AS ours WHERE ours.requestID = theirs.requestID AND ours.number = theirs.number
            AND ours.startedAt = theirs.startedAt)
        ORDER BY theirs.place
        """)
  }

  /// Answers that were paid for and are not taken. One that came at the same moment as the one here is that one.
  private static func bookUnused(in database: Database) throws -> Int {
    try database.execute(
      sql: """
        INSERT INTO main.attempt (requestID, number, startedAt, durationSeconds, status, outcome, detail, cost)
        SELECT requestID, 1, receivedAt, 0, NULL, 'unused', 'another attempt at its part brought the answer', cost
        FROM other.answer AS theirs
        WHERE NOT EXISTS (
            SELECT 1 FROM main.answer AS ours WHERE ours.requestID = theirs.requestID
              AND ours.receivedAt = theirs.receivedAt AND ours.body = theirs.body)
          AND NOT EXISTS (
            SELECT 1 FROM main.attempt AS booked WHERE booked.requestID = theirs.requestID
              AND booked.outcome = 'unused' AND booked.startedAt = theirs.receivedAt)
        """)
    return database.changesCount
  }
}
