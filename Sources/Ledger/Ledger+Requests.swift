import Basics
import Foundation
import GRDB
import Lineage

/// What was asked of teachers, and what they said. An answer is paid for; it is stored once and never changed.
extension Ledger {
  /// Notes requests before they are sent; one that is noted already is left as it is.
  public func recordRequests(_ requests: [TeacherRequest]) async throws {
    try await write { database in
      let statement = try database.cachedStatement(
        sql: """
          INSERT INTO request (id, promptID, endpoint, model, payload, createdAt) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO NOTHING
          """)
      let now = Date()
      for request in requests {
        try statement.execute(arguments: [
          request.id.description, request.promptID.description, request.endpoint, request.model, request.payload, now,
        ])
      }
    }
  }

  /// Notes a try that brought no usable answer.
  public func recordAttempt(_ attempt: TeacherAttempt) async throws {
    try await write { try Self.insert(attempt, into: $0) }
  }

  /// Stores an answer together with the attempt that brought it.
  /// - Returns: whether it was stored; false when the request has its answer already, which then stays.
  /// - Throws: `HintedError` when the request was never recorded.
  @discardableResult
  public func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws -> Bool {
    try await write { database in
      guard let promptID = try Self.promptID(of: answer.requestID, in: database) else {
        throw HintedError("an answer came to \(answer.requestID), which was never asked", status: .internalFault)
      }
      try Self.insert(attempt, into: database)
      let sample = Sample(
        promptID: promptID, promptIndex: 0, text: answer.text, finishReason: answer.finishReason, model: answer.model)
      try database.execute(
        sql: """
          INSERT INTO answer (requestID, sampleID, text, finishReason, model, promptTokenCount, completionTokenCount,
            cost, body, receivedAt, reasoning, isUsageEstimated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (requestID) DO NOTHING
          """,
        arguments: [
          answer.requestID.description, sample.id.description, answer.text, answer.finishReason.word, answer.model,
          answer.usage.promptTokenCount, answer.usage.completionTokenCount, answer.cost, answer.body, Date(),
          answer.reasoning, answer.isUsageEstimated,
        ])
      // A later yes counts more than an earlier no.
      let answered = database.changesCount == 1
      try database.execute(
        sql: "DELETE FROM refusal WHERE requestID = ?", arguments: [answer.requestID.description])
      return answered
    }
  }

  /// The stored answer to a request; nil when there is none.
  public func answer(for requestID: ContentID) async throws -> TeacherAnswer? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM answer WHERE requestID = ?", arguments: [requestID.description])
        .map { try TeacherAnswer(ledgerRow: $0) }
    }
  }

  /// The final no to a request; nil when there is none.
  public func refusal(of requestID: ContentID) async throws -> TeacherRefusal? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM refusal WHERE requestID = ?", arguments: [requestID.description])
        .map { TeacherRefusal(requestID: requestID, status: $0["status"], detail: $0["detail"]) }
    }
  }

  /// Notes a final no; one that was noted before is replaced, and a request that has its answer keeps that.
  public func recordRefusal(_ refusal: TeacherRefusal) async throws {
    try await write { database in
      try database.execute(
        sql: """
          INSERT INTO refusal (requestID, status, detail, refusedAt)
          SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM answer WHERE requestID = ?)
          ON CONFLICT (requestID) DO UPDATE SET status = excluded.status, detail = excluded.detail,
            refusedAt = excluded.refusedAt
          """,
        arguments: [
          refusal.requestID.description, refusal.status, refusal.detail, Date(), refusal.requestID.description,
        ])
    }
  }

  /// A recorded request; nil when there is none.
  public func request(id: ContentID) async throws -> TeacherRequest? {
    try await firstRequest(where: "id = ?", id)
  }

  /// The request that a sample answers, for tracing text back to its prompt.
  public func request(sampleID: ContentID) async throws -> TeacherRequest? {
    try await firstRequest(where: "id IN (SELECT requestID FROM answer WHERE sampleID = ?)", sampleID)
  }

  /// All attempts at a request, in the order in which they were made.
  public func attempts(for requestID: ContentID) async throws -> [TeacherAttempt] {
    try await read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM attempt WHERE requestID = ? ORDER BY id", arguments: [requestID.description]
      ).map { row in
        TeacherAttempt(
          requestID: requestID, number: row["number"], startedAt: row["startedAt"],
          durationSeconds: row["durationSeconds"], status: row["status"], outcome: row["outcome"],
          detail: row["detail"], cost: row["cost"])
      }
    }
  }

  private func firstRequest(where condition: String, _ id: ContentID) async throws -> TeacherRequest? {
    try await read { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM request WHERE \(condition) ORDER BY id", arguments: [id.description]
      ).map { row in
        try TeacherRequest(
          promptID: ContentID(ledgerText: row["promptID"]), endpoint: row["endpoint"], model: row["model"],
          payload: row["payload"])
      }
    }
  }

  private static func insert(_ attempt: TeacherAttempt, into database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO attempt (requestID, number, startedAt, durationSeconds, status, outcome, detail, cost)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        attempt.requestID.description, attempt.number, attempt.startedAt, attempt.durationSeconds, attempt.status,
        attempt.outcome, attempt.detail, attempt.cost,
      ])
  }

  private static func promptID(of requestID: ContentID, in database: Database) throws -> ContentID? {
    try String.fetchOne(
      database, sql: "SELECT promptID FROM request WHERE id = ?", arguments: [requestID.description]
    ).map { try ContentID(ledgerText: $0) }
  }
}

extension TeacherAnswer {
  fileprivate init(ledgerRow row: Row) throws {
    self.init(
      requestID: try ContentID(ledgerText: row["requestID"]), text: row["text"], reasoning: row["reasoning"],
      finishReason: FinishReason(word: row["finishReason"]), model: row["model"],
      usage: TokenUsage(
        promptTokenCount: row["promptTokenCount"], completionTokenCount: row["completionTokenCount"]),
      isUsageEstimated: row["isUsageEstimated"], cost: row["cost"], body: row["body"])
  }
}

extension ContentID {
  /// An id that stands in the ledger.
  init(ledgerText text: String) throws {
    guard let id = ContentID(text) else {
      throw HintedError("the ledger holds '\(text.prefix(80))' where a content id should stand")
    }
    self = id
  }
}
