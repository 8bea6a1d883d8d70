import GRDB

/// The tables, as named migrations: a step is never edited once it was released; a new one follows it.
enum LedgerSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 requests and answers") { try $0.execute(sql: requestsAndAnswers) }
    migrator.registerMigration("2 artifacts and receipts") { try $0.execute(sql: artifactsAndReceipts) }
    migrator.registerMigration("3 refusals, thoughts and what attempts cost") { try $0.execute(sql: refusals) }
    migrator.registerMigration("4 leases, and what attempts may have cost") { try $0.execute(sql: leases) }
    migrator.registerMigration("5 decisions") { try $0.execute(sql: decisions) }
    migrator.registerMigration("6 batches of requests") { try $0.execute(sql: batches) }
    migrator.registerMigration("7 answers that come together from batches") { try $0.execute(sql: companions) }
    migrator.registerMigration("9 removals") { try $0.execute(sql: removals) }
    return migrator
  }

  private static let requestsAndAnswers = """
    CREATE TABLE request (
      id TEXT NOT NULL PRIMARY KEY,
      promptID TEXT NOT NULL,
      endpoint TEXT NOT NULL,
      model TEXT NOT NULL,
      payload TEXT NOT NULL,
      createdAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX requestByPrompt ON request (promptID);

    CREATE TABLE attempt (
      id INTEGER PRIMARY KEY,
      requestID TEXT NOT NULL REFERENCES request (id),
      number INTEGER NOT NULL,
      startedAt TEXT NOT NULL,
      durationSeconds REAL NOT NULL,
      status INTEGER,
      outcome TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX attemptByRequest ON attempt (requestID);

    CREATE TABLE answer (
      requestID TEXT NOT NULL PRIMARY KEY REFERENCES request (id),
      sampleID TEXT NOT NULL,
      text TEXT NOT NULL,
      finishReason TEXT NOT NULL,
      model TEXT NOT NULL,
      promptTokenCount INTEGER NOT NULL,
      completionTokenCount INTEGER NOT NULL,
      cost REAL NOT NULL,
      body TEXT NOT NULL,
      receivedAt TEXT NOT NULL
    ) STRICT;
    CREATE INDEX answerBySample ON answer (sampleID);
    """

  private static let refusals = """
    CREATE TABLE refusal (
      requestID TEXT NOT NULL PRIMARY KEY REFERENCES request (id),
      status INTEGER NOT NULL,
      detail TEXT NOT NULL,
      refusedAt TEXT NOT NULL
    ) STRICT;
    ALTER TABLE answer ADD COLUMN reasoning TEXT NOT NULL DEFAULT '';
    ALTER TABLE answer ADD COLUMN isUsageEstimated INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempt ADD COLUMN cost REAL NOT NULL DEFAULT 0;
    """

  private static let leases = """
    CREATE TABLE lease (
      requestID TEXT NOT NULL PRIMARY KEY REFERENCES request (id),
      holder TEXT NOT NULL,
      number INTEGER NOT NULL,
      startedAt TEXT NOT NULL,
      expiresAt TEXT NOT NULL,
      possibleCost REAL NOT NULL
    ) STRICT;
    ALTER TABLE attempt ADD COLUMN possibleCost REAL NOT NULL DEFAULT 0;
    """

  private static let decisions = """
    CREATE TABLE decision (
      number INTEGER PRIMARY KEY,
      corpus TEXT NOT NULL,
      textID TEXT NOT NULL,
      ruling TEXT NOT NULL CHECK (ruling IN ('accept', 'reject', 'edit')),
      reason TEXT NOT NULL,
      newText TEXT CHECK ((newText IS NOT NULL) = (ruling = 'edit')),
      decidedAt TEXT NOT NULL,
      undoneAt TEXT
    ) STRICT;
    CREATE INDEX decisionByCorpus ON decision (corpus, textID);
    """

  private static let removals = """
    CREATE TABLE removal (
      number INTEGER PRIMARY KEY,
      corpus TEXT NOT NULL,
      list TEXT NOT NULL,
      word TEXT NOT NULL,
      reason TEXT NOT NULL,
      orderedAt TEXT NOT NULL,
      undoneAt TEXT
    ) STRICT;
    """

  private static let batches = """
    CREATE TABLE batch (
      token TEXT NOT NULL PRIMARY KEY,
      endpoint TEXT NOT NULL,
      model TEXT NOT NULL,
      submitter TEXT NOT NULL,
      requestCount INTEGER NOT NULL,
      submittedAt TEXT NOT NULL,
      inputFileID TEXT,
      serverID TEXT,
      closedAt TEXT,
      outcome TEXT
    ) STRICT;
    """

  private static let companions = """
    CREATE TABLE companion (
      requestID TEXT NOT NULL REFERENCES request (id),
      number INTEGER NOT NULL,
      otherID TEXT NOT NULL REFERENCES request (id),
      PRIMARY KEY (requestID, number)
    ) STRICT;
    """

  private static let artifactsAndReceipts = """
    CREATE TABLE artifact (
      id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL,
      path TEXT,
      byteCount INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE receipt (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      key TEXT NOT NULL,
      stage TEXT NOT NULL,
      corpus TEXT,
      startedAt TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX receiptByKey ON receipt (key);
    CREATE INDEX receiptByStage ON receipt (stage, corpus);

    CREATE TABLE receiptArtifact (
      receiptNumber INTEGER NOT NULL REFERENCES receipt (number),
      artifactID TEXT NOT NULL REFERENCES artifact (id),
      role TEXT NOT NULL CHECK (role IN ('input', 'output')),
      PRIMARY KEY (receiptNumber, role, artifactID)
    ) STRICT;
    CREATE INDEX receiptArtifactByArtifact ON receiptArtifact (artifactID, role);
    """
}
