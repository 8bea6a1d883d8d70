import Basics
import Foundation
import GRDB
import Lineage

/// What was asked of teachers, and what they said. An answer is paid for; it is stored once and never changed.
extension Ledger {
  /// Notes a try that brought no usable answer, and gives its lease back.
  public func recordAttempt(_ attempt: TeacherAttempt) async throws {
    let holder = holder.text
    try await writeTogether { database in
      try Self.insert(attempt, into: database)
      try Self.endLease(of: attempt.requestID, holder: holder, in: database)
    }
  }

  /// Stores an answer together with the attempt that brought it, and gives its lease back.
  /// - Returns: whether it was stored; false when the request has its answer already, which then stays.
  /// - Throws: `HintedError` when the request was never recorded.
  @discardableResult
  public func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws -> Bool {
    let holder = holder.text
    return try await writeTogether { database in
      guard let promptID = try Self.promptID(of: answer.requestID, in: database) else {
        throw HintedError("an answer came to \(answer.requestID), which was never asked", status: .internalFault)
      }
      try Self.insert(attempt, into: database)
      try Self.endLease(of: answer.requestID, holder: holder, in: database)
      return try Self.insert(answer, to: promptID, into: database)
    }
  }

  static func insert(
    _ answer: TeacherAnswer, to promptID: ContentID, into database: Database
  ) throws -> Bool {
    let sample = Sample(
      promptID: promptID, promptIndex: 0, text: answer.text, finishReason: answer.finishReason, model: answer.model)
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO answer (requestID, sampleID, text, finishReason, model, promptTokenCount, completionTokenCount,
          cost, body, receivedAt, reasoning, isUsageEstimated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (requestID) DO NOTHING
        """)
    try statement.execute(arguments: [
      answer.requestID.description, sample.id.description, answer.text, answer.finishReason.word, answer.model,
      answer.usage.promptTokenCount, answer.usage.completionTokenCount, answer.cost, answer.body, Date(),
      answer.reasoning, answer.isUsageEstimated,
    ])
    // A later yes counts more than an earlier no.
    let answered = database.changesCount == 1
    try database.cachedStatement(sql: "DELETE FROM refusal WHERE requestID = ?")
      .execute(arguments: [answer.requestID.description])
    for other in answer.others { try insert(other, into: database) }
    return answered
  }

  private static func insert(_ other: OtherAnswer, into database: Database) throws {
    try insert(other.request, into: database)
    if let answer = other.answer {
      _ = try insert(answer, to: other.request.promptID, into: database)
    } else {
      try insert(other.refusal, into: database)
    }
  }

  /// What is known of requests, in their order.
  public func standings(
    of requests: [(promptID: ContentID, requestID: ContentID)]
  ) async throws -> [RequestStanding] {
    try await read { database in
      try requests.map { request in
        if let answer = try Self.answer(for: request.requestID, in: database) { return .answered(answer) }
        if let refusal = try Self.refusal(of: request.requestID, in: database) { return .refused(refusal) }
        let known = try database.cachedStatement(sql: "SELECT 1 FROM request WHERE promptID = ? LIMIT 1")
        return .open(isPromptKnown: try Row.fetchOne(known, arguments: [request.promptID.description]) != nil)
      }
    }
  }

  /// The stored answer to a request; nil when there is none.
  public func answer(for requestID: ContentID) async throws -> TeacherAnswer? {
    try await read { try Self.answer(for: requestID, in: $0) }
  }

  /// The final no to a request; nil when there is none.
  public func refusal(of requestID: ContentID) async throws -> TeacherRefusal? {
    try await read { try Self.refusal(of: requestID, in: $0) }
  }

  /// Notes a final no; one that was noted before is replaced, and a request that has its answer keeps that.
  public func recordRefusal(_ refusal: TeacherRefusal) async throws {
    try await write { try Self.insert(refusal, into: $0) }
  }

  private static func insert(_ refusal: TeacherRefusal, into database: Database) throws {
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
          detail: row["detail"], cost: row["cost"],
          possibleCost: row["possibleCost"])
      }
    }
  }

  private func firstRequest(where condition: String, _ id: ContentID) async throws -> TeacherRequest? {
    try await read { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM request WHERE \(condition) ORDER BY id", arguments: [id.description]
      ).map { try TeacherRequest(ledgerRow: $0) }
    }
  }
}

// MARK: - Within a transaction

extension Ledger {
  static func insert(_ request: TeacherRequest, into database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO request (id, promptID, endpoint, model, payload, createdAt) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING
        """)
    try statement.execute(arguments: [
      request.id.description, request.promptID.description, request.endpoint, request.model, request.payload, Date(),
    ])
  }

  static func insert(_ attempt: TeacherAttempt, into database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO attempt (requestID, number, startedAt, durationSeconds, status, outcome, detail, cost, possibleCost)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    try statement.execute(arguments: [
      attempt.requestID.description, attempt.number, attempt.startedAt, attempt.durationSeconds, attempt.status,
      attempt.outcome, attempt.detail, attempt.cost, attempt.possibleCost,
    ])
  }

  static func answer(for requestID: ContentID, in database: Database) throws -> TeacherAnswer? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM answer WHERE requestID = ?")
    return try Row.fetchOne(statement, arguments: [requestID.description]).map { try TeacherAnswer(ledgerRow: $0) }
  }

  private static func refusal(of requestID: ContentID, in database: Database) throws -> TeacherRefusal? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM refusal WHERE requestID = ?")
    return try Row.fetchOne(statement, arguments: [requestID.description])
      .map { TeacherRefusal(requestID: requestID, status: $0["status"], detail: $0["detail"]) }
  }

  static func promptID(of requestID: ContentID, in database: Database) throws -> ContentID? {
    let statement = try database.cachedStatement(sql: "SELECT promptID FROM request WHERE id = ?")
    return try String.fetchOne(statement, arguments: [requestID.description])
      .map { try ContentID(ledgerText: $0) }
  }
}

extension TeacherRequest {
  init(ledgerRow row: Row) throws {
    try self.init(
      promptID: ContentID(ledgerText: row["promptID"]), endpoint: row["endpoint"], model: row["model"],
      payload: row["payload"])
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
