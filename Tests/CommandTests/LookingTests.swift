import Basics
import Foundation
import TestSupport
import Testing

@Suite("Looking makes nothing")
struct LookingTests {
  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func sqlite(_ script: String, on path: String) async throws {
    let program =
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit(); c.close()"
    let outcome = try await runTool("python3", ["-c", program, path, script], in: "/tmp")
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test(
    "a workspace that was named and is not there is an error, and stays away",
    arguments: [
      "ledger check", "ledger status", "ledger export", "why 3fa9", "corpus show tiny", "ask tiny --dry-run",
      "make tiny --dry-run", "corpus review tiny --json", "corpus diversity tiny", "corpus remove tiny --list",
    ])
  func missing(command: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let before = try names(in: folder)
      let outcome = try await project("\(command) --workspace nowhere/at/all")
      #expect(outcome.status == 65, "\(outcome)")
      #expect(outcome.standardError.contains("there is no") && outcome.standardError.contains("nowhere/at/all"))
      #expect(try names(in: folder) == before)
    }
  }

  @Test("before the first step, a recipe's cost and plan are said, and no workspace comes of it")
  func ahead() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let before = try names(in: folder)
      for command in ["ask tiny --dry-run", "make tiny --dry-run", "corpus show tiny"] {
        let outcome = try await project(command)
        #expect(outcome.status == 0 && !outcome.standardOutput.isEmpty, "\(outcome)")
      }
      #expect(try names(in: folder) == before)
    }
  }

  @Test("a backup that nobody can write to is checked, and an earlier version's ledger stays as it is")
  func backups() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      let ledger = project.path("ledger.sqlite")
      try await sqlite("DROP TABLE removal; DELETE FROM grdb_migrations WHERE identifier = '9 removals'", on: ledger)
      let old = try AtomicFile.read(ledger)
      for command in ["ledger check", "ledger status", "ledger export", "corpus show tiny"] {
        #expect(try await project(command).status == 0, "\(command)")
      }
      #expect(try AtomicFile.read(ledger) == old)

      let backup = "\(folder)/backup"
      try AtomicFile.makeFolder(backup)
      let mount = try await runTool("mount", ["-t", "tmpfs", "tmpfs", backup], in: folder)
      guard mount.status == 0 else { try Test.cancel("this process may not mount a file system") }
      try AtomicFile.write(old, to: "\(backup)/ledger.sqlite")
      #expect(try await runTool("mount", ["-o", "remount,ro", backup], in: folder).status == 0)
      let outcome = try await project("ledger check --workspace \(backup)")
      let files = try names(in: backup)
      #expect(try await runTool("umount", [backup], in: folder).status == 0)
      #expect(outcome.status == 0 && files == ["ledger.sqlite"], "\(outcome), \(files)")
    }
  }

  @Test(
    "an id that is no longer the hash of what it names is found",
    arguments: [
      ("UPDATE answer SET text = text || '.' WHERE rowid = 3", "the answer to the request"),
      ("UPDATE request SET payload = payload || ' ' WHERE rowid = 2", "the request is called"),
      ("UPDATE request SET model = 'another' WHERE rowid = 2", "the request is called"),
      ("UPDATE receipt SET body = replace(body, 'tiny', 'tine')", "the receipt is called"),
    ])
  func edited(script: String, said: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      #expect(try await project("ledger check").status == 0)
      try await sqlite(script, on: project.path("ledger.sqlite"))
      let outcome = try await project("ledger check")
      #expect(outcome.status == 65 && outcome.standardError.contains(said), "\(outcome)")
    }
  }

  @Test("another program's database is refused by whoever opens it, and left as it was")
  func foreign() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let ledger = project.path("ledger.sqlite")
      try AtomicFile.makeFolder(URL(fileURLWithPath: ledger).deletingLastPathComponent().path)
      try await sqlite("CREATE TABLE songs (title TEXT); INSERT INTO songs VALUES ('la')", on: ledger)
      let before = try AtomicFile.read(ledger)
      for command in ["ledger check", "ledger status", "ask tiny"] {
        let outcome = try await project(command)
        #expect(outcome.status == 65 && outcome.standardError.contains("with the tables songs"), "\(outcome)")
      }
      #expect(try AtomicFile.read(ledger) == before)
    }
  }

  @Test("a pipe that nobody writes to is refused at once", .timeLimit(.minutes(1)))
  func pipe() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until ask")
      #expect(try await runTool("mkfifo", ["\(folder)/pipe"], in: folder).status == 0)
      let outcome = try await project("why \(folder)/pipe")
      #expect(outcome.status == 65 && outcome.standardError.contains("is not a regular file"), "\(outcome)")
    }
  }
}
