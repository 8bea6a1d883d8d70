import Basics
import Foundation
import GRDB
import Ledger
import Lineage
import TestSupport
import Testing

@Suite("The ledger")
struct LedgerTests {
  private func request(_ text: String) throws -> TeacherRequest {
    try TeacherRequest(
      promptID: ContentID(of: text), endpoint: "http://127.0.0.1:1/v1", model: "m", payload: "{\"p\":\"\(text)\"}")
  }

  private func answer(_ request: TeacherRequest, _ text: String, reason: FinishReason = .stop) -> TeacherAnswer {
    TeacherAnswer(
      requestID: request.id, text: text, finishReason: reason, model: "m-1",
      usage: TokenUsage(promptTokenCount: 3, completionTokenCount: 5), cost: 0.25, body: "{\"text\":\"\(text)\"}")
  }

  private func attempt(_ request: TeacherRequest, _ number: Int = 1, outcome: String = "answered") -> TeacherAttempt {
    TeacherAttempt(
      requestID: request.id, number: number, startedAt: Date(timeIntervalSince1970: 1000), durationSeconds: 0.5,
      status: 200, outcome: outcome, detail: "")
  }

  /// Each finds the same tables missing.
  @Test("a new ledger may be opened by several at once")
  func openedAtOnce() async throws {
    try await withTemporaryFolder { folder in
      for round in 0..<20 {
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
          do { try Ledger(path: "\(folder)/\(round)/ledger.sqlite").close() } catch { failures.add("\(error)") }
        }
        #expect(failures.all == [])
      }
    }
  }

  private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []
    func add(_ text: String) { lock.withLock { texts.append(text) } }
    var all: [String] { lock.withLock { texts } }
  }

  /// Records a request by the only way there is: as one that is about to be sent.
  @discardableResult
  private func note(_ request: TeacherRequest, in ledger: Ledger, seconds: Double = 60) async throws -> LeaseOutcome {
    let lease = AttemptLease(
      requestID: request.id, number: 1, startedAt: Date(timeIntervalSince1970: 1000),
      expiresAt: Date(timeIntervalSinceNow: seconds), possibleCost: 0.5)
    return try await ledger.lease(lease, of: request)
  }

  private func artifact(_ text: String, _ kind: ArtifactKind, path: String? = nil) -> Artifact {
    Artifact(id: ContentID(of: text), kind: kind, path: path, byteCount: text.utf8.count)
  }

  private func receipt(
    _ stage: StageName, corpus: String? = "thermostat", inputs: [Artifact] = [], outputs: [Artifact] = [],
    settings: [String: String] = [:], at seconds: Double = 0
  ) -> Receipt {
    Receipt(
      stage: stage, corpus: corpus, inputs: inputs, outputs: outputs, settings: settings,
      startedAt: Date(timeIntervalSince1970: 1.1 + seconds), durationSeconds: 0.1, figures: ["count": 3])
  }

  private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
    try await withTemporaryFolder { try await body(Ledger(path: "\($0)/sub/ledger.sqlite")) }
  }

  @Test(
    "an answer comes back as it was stored, also after reopening",
    arguments: [FinishReason.stop, .length, .contentFilter, .other("tool_calls")])
  func roundTrip(reason: FinishReason) async throws {
    try await withTemporaryFolder { folder in
      let asked = try request("é\u{1F600}\n\"")
      let stored = answer(asked, "line\nNUL-free ✓", reason: reason)
      let ledger = try Ledger(path: "\(folder)/l")
      try await note(asked, in: ledger)
      #expect(try await ledger.answer(for: asked.id) == nil)
      #expect(try await ledger.recordAnswer(stored, attempt: attempt(asked)))
      let reopened = try Ledger(path: "\(folder)/l")
      #expect(try await reopened.answer(for: asked.id) == stored)
      #expect(try await reopened.request(id: asked.id) == asked)
      #expect(try await reopened.attempts(for: asked.id) == [attempt(asked)])
      let sample = Sample(
        promptID: asked.promptID, promptIndex: 9, text: stored.text, finishReason: reason, model: "m")
      #expect(try await reopened.request(sampleID: sample.id) == asked)
      try await reopened.checkIntegrity()
    }
  }

  @Test("the first answer stays; recording a request twice changes nothing")
  func once() async throws {
    try await withLedger { ledger in
      let asked = try request("a")
      try await note(asked, in: ledger)
      try await note(asked, in: ledger)
      #expect(try await ledger.recordAnswer(answer(asked, "first"), attempt: attempt(asked)))
      #expect(try await !ledger.recordAnswer(answer(asked, "second"), attempt: attempt(asked, 2)))
      #expect(try await ledger.answer(for: asked.id)?.text == "first")
      let counts = try await ledger.counts()
      #expect(counts.requestCount == 1)
      #expect(counts.answerCount == 1)
      #expect(counts.attemptCount == 2)
      #expect(counts.cost == 0.25)
    }
  }

  @Test("an answer to a request that was never recorded is refused, and leaves nothing behind")
  func orphan() async throws {
    try await withLedger { ledger in
      let asked = try request("a")
      await #expect(throws: HintedError.self) {
        try await ledger.recordAnswer(answer(asked, "x"), attempt: attempt(asked))
      }
      #expect(try await ledger.counts().attemptCount == 0)
    }
  }

  @Test("many tasks and two connections store everything once")
  func concurrency() async throws {
    try await withTemporaryFolder { folder in
      let ledgers = [try Ledger(path: "\(folder)/l"), try Ledger(path: "\(folder)/l")]
      let storedCount = try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<60 {
          group.addTask {
            let asked = try request("p\(index / 2)")
            try await note(asked, in: ledgers[index % 2])
            return try await ledgers[index % 2].recordAnswer(answer(asked, "\(index)"), attempt: attempt(asked))
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(storedCount == 30)
      #expect(try await ledgers[0].counts().answerCount == 30)
    }
  }

  @Test("a yes takes the place of an earlier no, and no later no that of a yes")
  func refusalAndAnswer() async throws {
    try await withLedger { ledger in
      let asked = try request("a")
      try await note(asked, in: ledger)
      let refusal = TeacherRefusal(requestID: asked.id, status: 400, detail: "no")
      try await ledger.recordRefusal(refusal)
      #expect(try await ledger.refusal(of: asked.id) == refusal)
      #expect(try await ledger.recordAnswer(answer(asked, "yes"), attempt: attempt(asked)))
      #expect(try await ledger.refusal(of: asked.id) == nil)
      try await ledger.recordRefusal(refusal)
      #expect(try await ledger.refusal(of: asked.id) == nil)
    }
  }

  @Test("a request is leased to one at a time, until it has its answer")
  func leases() async throws {
    try await withTemporaryFolder { folder in
      let (first, second) = (try Ledger(path: "\(folder)/l"), try Ledger(path: "\(folder)/l"))
      let asked = try request("a")
      #expect(try await note(asked, in: first) == .granted)
      #expect(try await note(asked, in: second) == .underWay)
      let open = try await first.counts()
      #expect(open.leaseCount == 1 && open.possibleCost == 0.5)
      try await first.recordAttempt(attempt(asked, outcome: "malformed"))
      #expect(try await note(asked, in: second) == .granted)
      try await second.recordAnswer(answer(asked, "yes"), attempt: attempt(asked))
      #expect(try await note(asked, in: first) == .answered(answer(asked, "yes")))
      let closed = try await first.counts()
      #expect(closed.leaseCount == 0 && closed.possibleCost == 0)
      #expect(try await first.attempts(for: asked.id).map(\.outcome) == ["malformed", "answered"])
    }
  }

  @Test("a lease whose time is over, or whose process is gone, becomes a lost attempt that may have cost something")
  func lostLeases() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(path: "\(folder)/l")
      let (late, orphan, foreign) = (try request("late"), try request("orphan"), try request("foreign"))
      #expect(try await note(late, in: ledger, seconds: -1) == .granted)
      try await note(orphan, in: ledger)
      try await note(foreign, in: ledger)
      let queue = try DatabaseQueue(path: "\(folder)/l")
      let host = ProcessInfo.processInfo.hostName
      try await queue.write { database in
        // Beyond the largest process number of any Linux.
        try database.execute(
          sql: "UPDATE lease SET holder = ? WHERE requestID = ?",
          arguments: ["\(host) 4194999 1", orphan.id.description])
        try database.execute(
          sql: "UPDATE lease SET holder = ? WHERE requestID = ?",
          arguments: ["another-machine 4194999 1", foreign.id.description])
      }
      for gone in [late, orphan] {
        #expect(try await note(gone, in: ledger) == .granted)
        let lost = try await ledger.attempts(for: gone.id)
        #expect(lost.map(\.outcome) == ["lost"] && lost.map(\.possibleCost) == [0.5])
      }
      #expect(try await note(foreign, in: ledger) == .underWay)
    }
  }

  @Test("writes that share a transaction fail alone")
  func groups() async throws {
    try await withLedger { ledger in
      let asked = try (0..<100).map { try request("p\($0)") }
      for request in asked where request.payload.contains("7") == false { try await note(request, in: ledger) }
      let stored = await withTaskGroup(of: Bool.self) { group in
        for request in asked {
          group.addTask {
            (try? await ledger.recordAnswer(answer(request, "x"), attempt: attempt(request))) == true
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      // Nineteen of the numbers below 100 have a 7; those were never asked.
      #expect(stored == 81)
      let counts = try await ledger.counts()
      #expect(counts.answerCount == 81 && counts.attemptCount == 81)
    }
  }

  @Test("receipts are found by key, by product, and as a stage's newest")
  func receipts() async throws {
    try await withLedger { ledger in
      let samples = artifact("samples", .samples)
      let documents = artifact("documents", .documents, path: "d.zst")
      let first = receipt(.curate, inputs: [samples], outputs: [documents], settings: ["seed": "1"])
      let second = receipt(.curate, inputs: [samples], outputs: [documents], settings: ["seed": "2"], at: 1)
      let foreign = receipt(.curate, corpus: nil, outputs: [artifact("x", .documents)], at: 2)
      for receipt in [first, second, foreign] { try await ledger.record(receipt: receipt) }
      #expect(try await ledger.receipt(key: first.key) == first)
      #expect(try await ledger.receipt(producing: documents.id) == second)
      #expect(try await ledger.receipt(producing: samples.id) == nil)
      #expect(try await ledger.newestReceipt(stage: .curate, corpus: "thermostat") == second)
      #expect(try await ledger.newestReceipt(stage: .curate, corpus: nil) == foreign)
      #expect(try await ledger.newestReceipt(stage: .train, corpus: nil) == nil)
      #expect(try await ledger.artifact(id: documents.id) == documents)
      #expect(try await ledger.receipts() == [first, second, foreign])
      try await ledger.record(receipt: first)
      #expect(try await ledger.counts().receiptCount == 3)
    }
  }

  @Test("entries are found by the first digits of their id")
  func prefixes() async throws {
    try await withLedger { ledger in
      let product = artifact("image", .atomeImage)
      try await ledger.record(receipt: receipt(.export, outputs: [product]))
      for length in [1, 8, 64] {
        let prefix = String(product.id.hex.prefix(length))
        #expect(try await ledger.entries(prefix: prefix).contains(.artifact(product.id)))
        #expect(try await ledger.entries(prefix: "sha256:" + prefix.uppercased()).contains(.artifact(product.id)))
      }
      for wrong in ["", "xyz", "%", "12_", String(repeating: "a", count: 65)] {
        await #expect(throws: HintedError.self) { try await ledger.entries(prefix: wrong) }
      }
    }
  }

  @Test("what is written is on the disk before it counts: synchronous is FULL, the journal a WAL")
  func durability() async throws {
    try await withLedger { ledger in
      let settings = try await ledger.durabilitySettings()
      #expect(settings == ["wal", "2"])
    }
  }

  @Test(
    "a file that is no ledger is refused and left alone",
    arguments: [Array("hello, this is a text file".utf8), [0x00], Array("SQLite format 3\0".utf8) + [9, 9, 9]])
  func foreignFile(bytes: [UInt8]) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/l")
      #expect(throws: HintedError.self) { try Ledger(path: "\(folder)/l") }
      #expect(try AtomicFile.read("\(folder)/l") == bytes)
    }
  }

  @Test("a damaged ledger is reported, never a crash")
  func damage() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/l"
      do {
        let ledger = try Ledger(path: path)
        for index in 0..<200 { try await note(request("request \(index)"), in: ledger) }
        try ledger.close()
      }
      let whole = try AtomicFile.read(path)
      var generator = SeededGenerator(seed: 5)
      for _ in 0..<20 {
        var bytes = whole
        for _ in 0..<64 { bytes[100 + generator.below(bytes.count - 100)] ^= UInt8(1 + generator.below(255)) }
        try AtomicFile.write(generator.below(2) == 0 ? bytes : Array(bytes.prefix(bytes.count / 2)), to: path)
        do {
          let ledger = try Ledger(path: path)
          try await ledger.checkIntegrity()
          _ = try await ledger.counts()
        } catch is HintedError {}
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
      }
    }
  }

  @Test("an answer whose text was changed is found by its id")
  func editedAnswer() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/ledger.sqlite"
      let ledger = try Ledger(path: path)
      let asked = try request("a")
      try await note(asked, in: ledger)
      try await ledger.recordAnswer(answer(asked, "warm"), attempt: attempt(asked))
      try await ledger.checkIntegrity()
      try ledger.close()
      let queue = try DatabaseQueue(path: path)
      try await queue.write { try $0.execute(sql: "UPDATE answer SET text = 'cold'") }
      try queue.close()
      let edited = try Ledger(path: path)
      let error = await #expect(throws: HintedError.self) { try await edited.checkIntegrity() }
      #expect(error?.message.contains("it was changed") == true)
    }
  }

  @Test("a ledger of a newer version is refused")
  func newer() async throws {
    try await withTemporaryFolder { folder in
      try Ledger(path: "\(folder)/l").close()
      let queue = try DatabaseQueue(path: "\(folder)/l")
      try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 from the future')") }
      try queue.close()
      #expect {
        try Ledger(path: "\(folder)/l")
      } throws: { "\($0)".contains("newer version") }
    }
  }

  @Test("another process that holds the ledger is waited for")
  func busy() async throws {
    try await withTemporaryFolder { folder in
      let ledger = try Ledger(path: "\(folder)/l")
      // Only what comes after the holder has the ledger is under test, so it may wait for the lock, too.
      var patient = Configuration()
      patient.busyMode = .timeout(10)
      let other = try DatabaseQueue(path: "\(folder)/l", configuration: patient)
      let holder = Task.detached {
        try other.inTransaction(.immediate) { _ in
          Thread.sleep(forTimeInterval: 0.3)
          return .commit
        }
      }
      try await note(request("a"), in: ledger)
      try await holder.value
      #expect(try await ledger.counts().requestCount == 1)
    }
  }
}
