import Basics
import Foundation
import GRDB
import Lineage

/// Batches under way. Each of their requests has a lease whose holder is the batch, until what came of it is stored.
extension Ledger {
  /// Notes a batch that is about to be submitted, with those of its requests that nobody has answered or is at.
  /// - Returns: these; where there is none, no batch is noted.
  public func open(_ batch: TeacherBatch, of requests: [BatchedRequest]) async throws -> [BatchedRequest] {
    let submitter = holder.text
    return try await write { database in
      let expiresAt = batch.submittedAt.addingTimeInterval(TeacherBatch.keptDays * 86_400)
      let granted = try requests.filter { item in
        let lease = AttemptLease(
          requestID: item.request.id, number: 1, startedAt: batch.submittedAt, expiresAt: expiresAt,
          possibleCost: item.possibleCost)
        let outcome = try Self.grant(lease, of: item.request, to: Self.holder(ofBatch: batch.token), in: database)
        guard outcome == .granted else { return false }
        try Self.note(item.others, beside: item.request, in: database)
        return true
      }
      guard !granted.isEmpty else { return [] }
      try database.execute(
        sql: """
          INSERT INTO batch (token, endpoint, model, submitter, requestCount, submittedAt) VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [batch.token, batch.endpoint, batch.model, submitter, granted.count, batch.submittedAt])
      return granted
    }
  }

  /// Notes what the server calls a batch and its file.
  public func note(_ batch: TeacherBatch) async throws {
    try await write { database in
      try database.execute(
        sql: "UPDATE batch SET inputFileID = ?, serverID = ? WHERE token = ?",
        arguments: [batch.inputFileID, batch.serverID, batch.token])
    }
  }

  /// The batches of a teacher that are not closed, oldest first.
  public func openBatches(endpoint: String, model: String) async throws -> [TeacherBatch] {
    let own = holder.text
    return try await read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM batch WHERE endpoint = ? AND model = ? AND closedAt IS NULL ORDER BY submittedAt, token",
        arguments: [endpoint, model]
      ).map { row in
        var batch = TeacherBatch(
          token: row["token"], endpoint: row["endpoint"], model: row["model"], requestCount: row["requestCount"],
          submittedAt: row["submittedAt"], inputFileID: row["inputFileID"], serverID: row["serverID"])
        let submitter: String = row["submitter"]
        batch.isBeingSubmitted = batch.serverID == nil && submitter != own && !LeaseHolder.isGone(submitter)
        return batch
      }
    }
  }

  /// What servers called the batches of this ledger, closed ones too.
  public func batchServerIDs() async throws -> Set<String> {
    try await read { database in
      try String.fetchSet(database, sql: "SELECT serverID FROM batch WHERE serverID IS NOT NULL")
    }
  }

  /// Those of a batch's requests of which nothing has come.
  public func openRequests(ofBatch token: String) async throws -> [BatchedRequest] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT request.*, lease.possibleCost FROM lease JOIN request ON request.id = lease.requestID
          WHERE lease.holder = ? ORDER BY request.id
          """, arguments: [Self.holder(ofBatch: token)]
      ).map { row in
        let request = try TeacherRequest(ledgerRow: row)
        return BatchedRequest(
          request, possibleCost: row["possibleCost"], others: try Self.others(beside: request, in: database))
      }
    }
  }

  /// Notes what a batch's request brings beside its own answer, for whoever collects it.
  private static func note(
    _ others: [TeacherRequest], beside request: TeacherRequest, in database: Database
  ) throws {
    for (number, other) in others.enumerated() {
      try insert(other, into: database)
      try database.execute(
        sql: "INSERT INTO companion (requestID, number, otherID) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        arguments: [request.id.description, number, other.id.description])
    }
  }

  private static func others(beside request: TeacherRequest, in database: Database) throws -> [TeacherRequest] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT request.* FROM companion JOIN request ON request.id = companion.otherID
        WHERE companion.requestID = ? ORDER BY companion.number
        """, arguments: [request.id.description]
    ).map { try TeacherRequest(ledgerRow: $0) }
  }

  /// Stores what came of a batch's requests, each once, however often it is collected and by how many.
  /// - Returns: the requests of which it was stored now.
  public func collect(_ results: [BatchedResult], ofBatch token: String) async throws -> Set<ContentID> {
    let holder = Self.holder(ofBatch: token)
    return try await write { database in
      var stored: Set<ContentID> = []
      for result in results {
        let requestID = result.attempt.requestID
        try Self.endLease(of: requestID, holder: holder, in: database)
        guard database.changesCount == 1 else { continue }
        try Self.insert(result.attempt, into: database)
        if let answer = result.answer, let promptID = try Self.promptID(of: requestID, in: database) {
          _ = try Self.insert(answer, to: promptID, into: database)
        }
        stored.insert(requestID)
      }
      return stored
    }
  }

  /// Ends a batch.
  /// - Parameter outcome: a stable word: `collected`, `refused`, `not-submitted`, `given-up`.
  public func close(batch token: String, outcome: String) async throws {
    try await write { database in
      try database.execute(
        sql: "UPDATE batch SET closedAt = ?, outcome = ? WHERE token = ? AND closedAt IS NULL",
        arguments: [Date(), outcome, token])
    }
  }

  /// Two words, which are no process's three.
  private static func holder(ofBatch token: String) -> String { "batch \(token)" }
}
