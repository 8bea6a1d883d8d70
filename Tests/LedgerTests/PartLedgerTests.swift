import Basics
import Foundation
import Ledger
import Lineage
import TestSupport
import Testing

@Suite("The ledger takes over another one")
struct PartLedgerTests {
  private func request(_ text: String) throws -> TeacherRequest {
    try TeacherRequest(
      promptID: ContentID(of: text), endpoint: "http://127.0.0.1:1/v1", model: "m", payload: "{\"p\":\"\(text)\"}")
  }

  /// Answers some requests, and leaves one under way.
  private func fill(_ path: String, _ texts: [String], open: String? = nil, says: String = "yes") async throws {
    let ledger = try Ledger(path: path)
    for text in texts + [open].compactMap(\.self) {
      let request = try request(text)
      let lease = AttemptLease(
        requestID: request.id, number: 1, startedAt: Date(), expiresAt: Date(timeIntervalSinceNow: 60),
        possibleCost: 0.5)
      #expect(try await ledger.lease(lease, of: request) == .granted)
      guard text != open else { continue }
      let answer = TeacherAnswer(
        requestID: request.id, text: says, finishReason: .stop, model: "m", usage: TokenUsage(), cost: 0.25,
        body: "{\"text\":\"\(says)\"}")
      let attempt = TeacherAttempt(
        requestID: request.id, number: 1, startedAt: lease.startedAt, durationSeconds: 0.5, status: 200,
        outcome: "answered", detail: "")
      #expect(try await ledger.recordAnswer(answer, attempt: attempt))
    }
    try ledger.close()
  }

  @Test("everything comes with its bill, once, and a request under way as one that was lost")
  func all() async throws {
    try await withTemporaryFolder { folder in
      try await fill("\(folder)/part", ["a", "b"], open: "c")
      let ledger = try Ledger(path: "\(folder)/whole")
      for round in 0..<2 {
        let brought = try await ledger.takeOver(.all, from: "\(folder)/part")
        #expect(brought == Ledger.Import(answerCount: round == 0 ? 2 : 0, unusedCount: 0))
        let counts = try await ledger.counts()
        #expect(counts.answerCount == 2 && counts.requestCount == 3 && counts.attemptCount == 3)
        #expect(counts.cost == 0.5 && counts.possibleCost == 0.5 && counts.leaseCount == 0)
      }
      #expect(try await ledger.attempts(for: request("c").id).map(\.outcome) == ["lost"])
      try await ledger.checkIntegrity()
    }
  }

  @Test("an answer that is not taken is in the bill, once")
  func unused() async throws {
    try await withTemporaryFolder { folder in
      try await fill("\(folder)/first", ["a", "b"])
      try await fill("\(folder)/second", ["b", "c"], says: "no")
      for share in [Ledger.Share.all, .bills] {
        let ledger = try Ledger(path: "\(folder)/whole-\(share)")
        _ = try await ledger.takeOver(.all, from: "\(folder)/first")
        for round in 0..<2 {
          let brought = try await ledger.takeOver(share, from: "\(folder)/second")
          let isAll = if case .all = share { true } else { false }
          let unusedCount = round > 0 ? 0 : isAll ? 1 : 2
          #expect(brought == Ledger.Import(answerCount: isAll && round == 0 ? 1 : 0, unusedCount: unusedCount))
          #expect(try await ledger.answer(for: request("b").id)?.text == "yes")
          #expect(try await ledger.counts().cost == 1)
        }
      }
    }
  }

  @Test("of answers alone, those of some prompts, without their attempts")
  func answers() async throws {
    try await withTemporaryFolder { folder in
      try await fill("\(folder)/whole", ["a", "b"], open: "c")
      let ledger = try Ledger(path: "\(folder)/part")
      _ = try await ledger.takeOver(.answers(of: [ContentID(of: "b"), ContentID(of: "c")]), from: "\(folder)/whole")
      let counts = try await ledger.counts()
      #expect(counts.answerCount == 1 && counts.attemptCount == 0 && counts.possibleCost == 0)
      #expect(try await ledger.answer(for: request("b").id) != nil)
    }
  }
}
