import Basics
import GRDB
import Lineage

extension Ledger {
  /// SQLite's own check of every page and index, and of every reference between tables; then whether each id is still
  /// the hash of what it names, which an edited text is not.
  /// - Throws: `HintedError` with the first problem.
  public func checkIntegrity() async throws {
    let path = self.path
    try await read { database in
      let problems = try String.fetchAll(database, sql: "PRAGMA integrity_check")
      guard problems == ["ok"] else {
        throw HintedError("\(path) is damaged: \(problems.first ?? "no answer")", hint: "`sqlite3 \(path) .recover`")
      }
      try database.checkForeignKeys()
      try Self.checkIDs(in: database, path)
    }
  }

  private static func checkIDs(in database: Database, _ path: String) throws {
    let requests = try Row.fetchCursor(database, sql: "SELECT id, promptID, endpoint, model, payload FROM request")
    while let row = try requests.next() {
      let request = try TeacherRequest(
        promptID: try ContentID(ledgerText: row["promptID"]), endpoint: row["endpoint"], model: row["model"],
        payload: row["payload"])
      try check("request", row["id"], is: request.id, path)
    }
    let answers = try Row.fetchCursor(
      database,
      sql: """
        SELECT answer.requestID, answer.sampleID, answer.text, request.promptID
        FROM answer JOIN request ON request.id = answer.requestID
        """)
    while let row = try answers.next() {
      let (prompt, text): (String, String) = (row["promptID"], row["text"])
      try check("answer to the request \(row["requestID"] as String)", row["sampleID"], is: .sample(prompt, text), path)
    }
    let receipts = try Row.fetchCursor(database, sql: "SELECT id, body FROM receipt")
    while let row = try receipts.next() {
      try check("receipt", row["id"], is: ContentID(of: row["body"] as String), path)
    }
  }

  private static func check(_ what: String, _ said: String, is id: ContentID, _ path: String) throws {
    guard said != id.description else { return }
    throw HintedError(
      "\(path): the \(what) is called \(said), and what is stored has the id \(id): it was changed",
      hint: "take the ledger from a backup, or delete that row and ask again", status: .badData)
  }
}

extension ContentID {
  fileprivate static func sample(_ promptID: String, _ text: String) throws -> ContentID {
    Sample(
      promptID: try ContentID(ledgerText: promptID), promptIndex: 0, text: text, finishReason: .stop, model: ""
    ).id
  }
}
