import Basics
import Foundation
import GRDB
import Lineage

/// Requests under way. A lease is taken before a request is sent and given back with what came of it.
extension Ledger {
  /// Notes a request and that it is about to be sent, unless it has its answer, or another process is at it. A lease
  /// whose process is gone, or whose time has passed, becomes an attempt that was lost.
  public func lease(_ lease: AttemptLease, of request: TeacherRequest) async throws -> LeaseOutcome {
    let holder = holder.text
    return try await writeTogether { try Self.grant(lease, of: request, to: holder, in: $0) }
  }

  static func grant(
    _ lease: AttemptLease, of request: TeacherRequest, to holder: String, in database: Database
  ) throws -> LeaseOutcome {
    try insert(request, into: database)
    if let answer = try answer(for: request.id, in: database) { return .answered(answer) }
    if let other = try openLease(of: request.id, in: database) {
      guard other.isOver else { return .underWay }
      try insert(other.lost, into: database)
    }
    let statement = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO lease (requestID, holder, number, startedAt, expiresAt, possibleCost)
        VALUES (?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      request.id.description, holder, lease.number, lease.startedAt, lease.expiresAt, lease.possibleCost,
    ])
    return .granted
  }

  static func endLease(of requestID: ContentID, holder: String, in database: Database) throws {
    let statement = try database.cachedStatement(sql: "DELETE FROM lease WHERE requestID = ? AND holder = ?")
    try statement.execute(arguments: [requestID.description, holder])
  }

  private struct OpenLease {
    var isOver: Bool
    /// What it becomes when nobody can end it any more.
    var lost: TeacherAttempt
  }

  private static func openLease(of requestID: ContentID, in database: Database) throws -> OpenLease? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM lease WHERE requestID = ?")
    guard let row = try Row.fetchOne(statement, arguments: [requestID.description]) else { return nil }
    let expiresAt: Date = row["expiresAt"]
    return OpenLease(
      isOver: expiresAt < Date() || LeaseHolder.isGone(row["holder"]),
      lost: TeacherAttempt(
        requestID: requestID, number: row["number"], startedAt: row["startedAt"], durationSeconds: 0, status: nil,
        outcome: "lost", detail: "the process that sent it ended before an answer came",
        possibleCost: row["possibleCost"]))
  }
}
