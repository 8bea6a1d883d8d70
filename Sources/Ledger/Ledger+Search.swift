import Basics
import GRDB
import Lineage

/// What an id can name in the ledger.
public enum LedgerEntry: Hashable, Sendable {
  case artifact(ContentID)
  case request(ContentID)
  case sample(ContentID)
  case receipt(ContentID)
}

/// How much a ledger holds.
public struct LedgerCounts: Hashable, Codable, Sendable {
  public var requestCount: Int
  public var attemptCount: Int
  public var answerCount: Int
  public var artifactCount: Int
  public var receiptCount: Int
  /// What all answers cost, and responses that were billed and are no answers; in US dollars.
  public var cost: Double
  /// Requests under way, or left by a process that was killed.
  public var leaseCount: Int
  /// What attempts that were sent and brought no response may have cost at most, in US dollars.
  public var possibleCost: Double
}

extension Ledger {
  /// Everything whose id starts so, at most `limit` entries of each kind.
  /// - Parameter prefix: hexadecimal digits, with or without `sha256:`; what `why 3fa9` is given.
  /// - Throws: `HintedError` for anything but hexadecimal digits.
  public func entries(prefix: String, limit: Int = 10) async throws -> [LedgerEntry] {
    let digits = prefix.hasPrefix(ContentID.prefix) ? String(prefix.dropFirst(ContentID.prefix.count)) : prefix
    guard (1...64).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw HintedError(
        "'\(prefix.prefix(80))' is not an id", hint: "ids are 64 hexadecimal digits, of which the first few do",
        status: .usage)
    }
    let start = ContentID.prefix + digits.lowercased()
    return try await read { database in
      func find(_ table: String, _ column: String) throws -> [ContentID] {
        // 'g' follows the last hexadecimal digit, so this is the range of all ids that start so; an index serves it.
        try String.fetchAll(
          database, sql: "SELECT DISTINCT \(column) FROM \(table) WHERE \(column) >= ? AND \(column) < ? LIMIT ?",
          arguments: [start, start + "g", limit]
        ).map { try ContentID(ledgerText: $0) }
      }
      return try find("artifact", "id").map(LedgerEntry.artifact) + find("request", "id").map(LedgerEntry.request)
        + find("answer", "sampleID").map(LedgerEntry.sample) + find("receipt", "id").map(LedgerEntry.receipt)
    }
  }

  public func counts() async throws -> LedgerCounts {
    try await read { database in
      func count(_ table: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
      }
      return LedgerCounts(
        requestCount: try count("request"), attemptCount: try count("attempt"), answerCount: try count("answer"),
        artifactCount: try count("artifact"), receiptCount: try count("receipt"),
        cost: try Double.fetchOne(
          database, sql: "SELECT (SELECT total(cost) FROM answer) + (SELECT total(cost) FROM attempt)") ?? 0,
        leaseCount: try count("lease"),
        possibleCost: try Double.fetchOne(
          database,
          sql: "SELECT (SELECT total(possibleCost) FROM lease) + (SELECT total(possibleCost) FROM attempt)") ?? 0)
    }
  }
}
