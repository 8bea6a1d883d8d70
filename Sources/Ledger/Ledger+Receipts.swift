import Basics
import GRDB
import Lineage

/// What was made, and what it was made of.
extension Ledger {
  /// Stores a receipt and all the artifacts it names. A stage calls this last: what has a receipt is whole.
  public func record(receipt: Receipt) async throws {
    let body = try CanonicalJSON.text(receipt)
    let key = try receipt.key
    try await write { database in
      for artifact in receipt.inputs + receipt.outputs { try Self.upsert(artifact, into: database) }
      try database.execute(
        sql: """
          INSERT INTO receipt (id, key, stage, corpus, startedAt, body) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO NOTHING
          """,
        arguments: [
          ContentID(of: body).description, key.description, receipt.stage.rawValue, receipt.corpus, receipt.startedAt,
          body,
        ])
      guard database.changesCount == 1 else { return }
      let number = database.lastInsertedRowID
      for (role, artifacts) in [("input", receipt.inputs), ("output", receipt.outputs)] {
        for artifact in artifacts {
          try database.execute(
            sql: "INSERT OR IGNORE INTO receiptArtifact (receiptNumber, artifactID, role) VALUES (?, ?, ?)",
            arguments: [number, artifact.id.description, role])
        }
      }
    }
  }

  /// The newest receipt of exactly this work: same stage, inputs and settings.
  public func receipt(key: ContentID) async throws -> Receipt? {
    try await newest("key = ?", [key.description])
  }

  /// The newest receipt that names the artifact among its outputs.
  public func receipt(producing artifactID: ContentID) async throws -> Receipt? {
    try await newest(
      "number IN (SELECT receiptNumber FROM receiptArtifact WHERE artifactID = ? AND role = 'output')",
      [artifactID.description])
  }

  /// The newest receipt of a stage for a corpus.
  /// - Parameter corpus: nil for work that belongs to no corpus.
  public func newestReceipt(stage: StageName, corpus: String?) async throws -> Receipt? {
    try await newest("stage = ? AND corpus IS ?", [stage.rawValue, corpus])
  }

  /// All receipts in the order in which they were written; what an export holds.
  public func receipts() async throws -> [Receipt] {
    try await read { database in
      try String.fetchAll(database, sql: "SELECT body FROM receipt ORDER BY number").map(Self.decodeReceipt)
    }
  }

  /// An artifact that some receipt names.
  public func artifact(id: ContentID) async throws -> Artifact? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM artifact WHERE id = ?", arguments: [id.description])
        .map { try Artifact(ledgerRow: $0) }
    }
  }

  private func newest(_ condition: String, _ arguments: StatementArguments) async throws -> Receipt? {
    try await read { database in
      try String.fetchOne(
        database, sql: "SELECT body FROM receipt WHERE \(condition) ORDER BY number DESC LIMIT 1", arguments: arguments
      ).map(Self.decodeReceipt)
    }
  }

  private static func decodeReceipt(_ body: String) throws -> Receipt {
    do {
      return try CanonicalJSON.decode(Receipt.self, from: Array(body.utf8))
    } catch {
      throw HintedError("the ledger holds a receipt that cannot be read: \(error)")
    }
  }

  /// Equal bytes are one artifact; it is found where it was written last.
  private static func upsert(_ artifact: Artifact, into database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO artifact (id, kind, path, byteCount) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, path = excluded.path
        """,
      arguments: [artifact.id.description, artifact.kind.rawValue, artifact.path, artifact.byteCount])
  }
}

extension Artifact {
  init(ledgerRow row: Row) throws {
    let kindName: String = row["kind"]
    guard let kind = ArtifactKind(rawValue: kindName) else {
      throw HintedError("the ledger holds an artifact of the unknown kind '\(kindName.prefix(80))'")
    }
    self.init(id: try ContentID(ledgerText: row["id"]), kind: kind, path: row["path"], byteCount: row["byteCount"])
  }
}
