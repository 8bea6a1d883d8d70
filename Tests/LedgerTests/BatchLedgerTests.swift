import Basics
import Foundation
import Ledger
import Lineage
import TestSupport
import Testing

/// Batches in the ledger: every request is in one place at a time, and what came of it is stored once.
@Suite("Batches in the ledger")
struct BatchLedgerTests {
  private func items(_ texts: [String]) throws -> [BatchedRequest] {
    try texts.map { text in
      BatchedRequest(
        try TeacherRequest(promptID: ContentID(of: text), endpoint: "e", model: "m", payload: "{\"p\":\"\(text)\"}"),
        possibleCost: 0.25)
    }
  }

  private func batch(_ token: String, _ count: Int) -> TeacherBatch {
    // Whole seconds, as the ledger keeps milliseconds.
    TeacherBatch(
      token: token, endpoint: "e", model: "m", requestCount: count,
      submittedAt: Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded()))
  }

  private func result(_ item: BatchedRequest, answer text: String?) -> BatchedResult {
    let attempt = TeacherAttempt(
      requestID: item.request.id, number: 1, startedAt: .now, durationSeconds: 1, status: 200,
      outcome: text == nil ? "expired" : "answered", detail: "")
    let answer = text.map {
      TeacherAnswer(
        requestID: item.request.id, text: $0, finishReason: .stop, model: "m", usage: TokenUsage(), cost: 0.125,
        body: "{}")
    }
    return BatchedResult(attempt, answer: answer)
  }

  @Test("a batch takes only what nobody has answered or is at, and frees what came of it, once")
  func lifecycle() async throws {
    try await withTemporaryFolder { folder in
      let (first, second) = (try Ledger(path: "\(folder)/l"), try Ledger(path: "\(folder)/l"))
      let all = try items(["a", "b", "c", "d"])
      let lease = AttemptLease(
        requestID: all[0].request.id, number: 1, startedAt: .now, expiresAt: .now + 60, possibleCost: 1)
      #expect(try await first.lease(lease, of: all[0].request) == .granted)
      #expect(try await first.open(batch("one", 4), of: all) == Array(all[1...]))
      #expect(try await second.open(batch("two", 4), of: all).isEmpty)
      #expect(try await second.openBatches(endpoint: "e", model: "other").isEmpty)
      var open = try await first.openBatches(endpoint: "e", model: "m")
      #expect(open == [batch("one", 3)])

      open[0].serverID = "batch_9"
      try await first.note(open[0])
      #expect(try await second.openBatches(endpoint: "e", model: "m") == open)
      #expect(try await second.batchServerIDs() == ["batch_9"])
      let requests = try await second.openRequests(ofBatch: "one")
      #expect(Set(requests) == Set(all[1...]))
      #expect(try await second.counts().possibleCost == 1.75)

      // Both collect the same; each result is stored by one of them.
      let results = [result(all[1], answer: "yes"), result(all[2], answer: nil)]
      #expect(try await first.collect(results, ofBatch: "one") == [all[1].request.id, all[2].request.id])
      #expect(try await second.collect(results, ofBatch: "one").isEmpty)
      #expect(try await first.answer(for: all[1].request.id)?.text == "yes")
      #expect(try await first.openRequests(ofBatch: "one") == [all[3]])
      let counts = try await first.counts()
      #expect(counts.answerCount == 1 && counts.attemptCount == 2 && counts.cost == 0.125)

      // What expired may stand in the next batch, what is open may not.
      #expect(try await second.open(batch("three", 3), of: Array(all[1...])) == [all[2]])
      try await first.close(batch: "one", outcome: "collected")
      #expect(try await first.openBatches(endpoint: "e", model: "m").map(\.token) == ["three"])
      #expect(try await first.batchServerIDs() == ["batch_9"])
    }
  }

  @Test("what is about to be submitted by a living process is left to it, and by a gone one is not")
  func submitters() async throws {
    try await withTemporaryFolder { folder in
      let (first, second) = (try Ledger(path: "\(folder)/l"), try Ledger(path: "\(folder)/l"))
      _ = try await first.open(batch("one", 1), of: try items(["a"]))
      #expect(try await first.openBatches(endpoint: "e", model: "m").map(\.isBeingSubmitted) == [false])
      #expect(try await second.openBatches(endpoint: "e", model: "m").map(\.isBeingSubmitted) == [true])
      var named = batch("one", 1)
      named.serverID = "x"
      try await first.note(named)
      #expect(try await second.openBatches(endpoint: "e", model: "m").map(\.isBeingSubmitted) == [false])
    }
  }

  @Test("the requests of answers that come together are there for whoever collects them, in their order")
  func companions() async throws {
    try await withTemporaryFolder { folder in
      let (first, second) = (try Ledger(path: "\(folder)/l"), try Ledger(path: "\(folder)/l"))
      var items = try items(["lead", "alone"])
      // More than ten, so that another order than by number would show.
      items[0].others = try self.items((1...12).map { "answer \($0)" }).map(\.request)
      #expect(try await first.open(batch("one", 2), of: items) == items)
      #expect(Set(try await second.openRequests(ofBatch: "one")) == Set(items))
      var answered = result(items[0], answer: "first")
      answered.answer?.others = items[0].others.enumerated().map { index, request in
        let item = BatchedRequest(request, possibleCost: 0)
        return OtherAnswer(request, answer: index == 11 ? nil : result(item, answer: "other \(index)").answer)
      }
      #expect(try await second.collect([answered], ofBatch: "one") == [items[0].request.id])
      #expect(try await first.answer(for: items[0].others[10].id)?.text == "other 10")
      #expect(try await first.refusal(of: items[0].others[11].id) != nil)
      #expect(try await first.openRequests(ofBatch: "one") == [items[1]])
    }
  }
}
