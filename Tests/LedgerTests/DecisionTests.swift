import Basics
import Foundation
import GRDB
import Ledger
import Lineage
import TestSupport
import Testing

@Suite("Decisions in the ledger")
struct DecisionTests {
  private func decision(_ ruling: Decision.Ruling, _ text: String, corpus: String = "c", to newText: String? = nil)
    -> Decision
  {
    Decision(
      corpus: corpus, textID: ContentID(of: text), ruling: ruling, reason: "because of \(text)", newText: newText,
      decidedAt: Date(timeIntervalSince1970: 1000))
  }

  @Test("they come back as they were stored, also after reopening, and each corpus has its own")
  func roundTrip() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/ledger.sqlite"
      let ledger = try Ledger(path: path)
      var stored = [try await ledger.record(decision: decision(.reject, "a"))]
      try await ledger.record(decision: decision(.accept, "a", corpus: "other"))
      stored.append(try await ledger.record(decision: decision(.edit, "b", to: "é\n")))
      try ledger.close()
      let again = try Ledger(path: path)
      #expect(try await again.decisions(of: "c") == stored)
      #expect(stored.map(\.number) == [1, 3])
      #expect(try again.standingDecisions(of: "c") == stored.sorted { $0.textID < $1.textID })
      #expect(try again.standingDecisions(of: "none").isEmpty)
    }
  }

  @Test("the newest is undone first, what stood before it stands again, and the history keeps all")
  func undo() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(path: "\(folder)/ledger.sqlite")
      let first = try await ledger.record(decision: decision(.accept, "a"))
      let second = try await ledger.record(decision: decision(.reject, "a"))
      try await ledger.record(decision: decision(.reject, "a", corpus: "other"))
      #expect(try ledger.standingDecisions(of: "c") == [second])
      let undone = try #require(try await ledger.undoDecision(of: "c"))
      #expect(undone.number == second.number && undone.undoneAt != nil)
      #expect(try ledger.standingDecisions(of: "c") == [first])
      #expect(try await ledger.undoDecision(of: "c")?.number == first.number)
      #expect(try await ledger.undoDecision(of: "c") == nil)
      #expect(try ledger.standingDecisions(of: "c").isEmpty)
      let history = try await ledger.decisions(of: "c")
      #expect(history.map(\.number) == [first.number, second.number])
      #expect(history.allSatisfy { $0.undoneAt != nil && $0.reason == "because of a" })
      #expect(try ledger.standingDecisions(of: "other").count == 1)
    }
  }

  @Test("what breaks a limit is refused, and nothing is stored")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(path: "\(folder)/ledger.sqlite")
      let wrong = [
        decision(.edit, "a"), decision(.edit, "a", to: " \n"), decision(.edit, "a", to: "b\u{0}"),
        decision(.reject, "a", to: "b"), decision(.reject, String(repeating: "x", count: 1000)),
        decision(.edit, "a", to: String(repeating: "x", count: Decision.textByteLimit + 1)),
      ]
      for decision in wrong {
        await #expect(throws: HintedError.self) { try await ledger.record(decision: decision) }
      }
      #expect(try await ledger.decisions(of: "c").isEmpty)
    }
  }

  @Test("a reason has 1,000 bytes at most, and a new text 524,288")
  func limits() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(path: "\(folder)/ledger.sqlite")
      func decision(reason: Int, text: Int) -> Decision {
        Decision(
          corpus: "c", textID: ContentID(of: "a"), ruling: .edit, reason: String(repeating: "r", count: reason),
          newText: String(repeating: "x", count: text))
      }
      try await ledger.record(decision: decision(reason: 1000, text: 524_288))
      for beyond in [decision(reason: 1001, text: 524_288), decision(reason: 1000, text: 524_289)] {
        await #expect(throws: HintedError.self) { try await ledger.record(decision: beyond) }
      }
      #expect(try await ledger.decisions(of: "c").count == 1)
    }
  }

  @Test("a ledger of four steps gets the table, and keeps its rows")
  func migration() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/ledger.sqlite"
      try Ledger(path: path).close()
      let queue = try DatabaseQueue(path: path)
      try await queue.write { database in
        try database.execute(sql: "DROP TABLE decision; DELETE FROM grdb_migrations WHERE identifier LIKE '5 %'")
        try database.execute(
          sql: "INSERT INTO artifact VALUES (?, 'shards', 'x', 3)", arguments: [ContentID(of: "x").description])
      }
      try queue.close()
      let ledger = try Ledger(path: path)
      #expect(try await ledger.record(decision: decision(.accept, "a")).number == 1)
      #expect(try await ledger.artifact(id: ContentID(of: "x"))?.byteCount == 3)
      try await ledger.checkIntegrity()
    }
  }
}
