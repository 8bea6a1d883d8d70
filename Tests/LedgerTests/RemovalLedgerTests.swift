import Foundation
import Ledger
import Lineage
import TestSupport
import Testing

@Suite("Removals in the ledger")
struct RemovalLedgerTests {
  @Test("what was undone stands no more, and stays known; each corpus has its own")
  func undo() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(path: "\(folder)/ledger.sqlite")
      let ordered = Date(timeIntervalSince1970: 1000)
      for (corpus, word) in [("a", "kitchen"), ("a", "attic"), ("b", "kitchen")] {
        try await ledger.record(removal: Removal(corpus: corpus, list: "room", word: word, orderedAt: ordered))
      }
      #expect(try ledger.standingRemovals(of: "a").map(\.condition) == ["room=attic", "room=kitchen"])
      #expect(try await ledger.undoRemovals(of: "a", list: "room", word: "kitchen") == 1)
      #expect(try await ledger.undoRemovals(of: "a", list: "room", word: "kitchen") == 0)
      #expect(try ledger.standingRemovals(of: "a").map(\.condition) == ["room=attic"])
      #expect(try ledger.removals(of: "a").map(\.word) == ["kitchen", "attic"])
      #expect(try ledger.standingRemovals(of: "b").map(\.condition) == ["room=kitchen"])
    }
  }
}
