import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

/// An answer has three prompt tokens of 1 dollar and two completion tokens of 2: 7 dollars alone, 3.50 in a batch. At
/// most a prompt costs 37, 18.50 in a batch.
@Suite("Batches")
struct BatchTests {
  static let dialects: [TeacherProfile.Dialect] = [.openAIChat, .anthropic]

  private static func options(_ spendMaximum: Double? = nil, search: Double = 0) -> Teacher.AskOptions {
    var options = Teacher.AskOptions(spendMaximum: spendMaximum)
    options.batches = true
    options.batchPolicy = Teacher.BatchPolicy(firstSeconds: 0.01, longestSeconds: 0.02, searchSeconds: search)
    return options
  }

  private static func withProvider(
    _ provider: BatchProvider, dialect: TeacherProfile.Dialect, batchRequests: Int = 100,
    _ body: (Teacher, MemoryStore, LoopbackServer) async throws -> Void
  ) async throws {
    try await withLoopbackServer(provider.reply) { server in
      try await body(try TeacherFixture.teacher(server, dialect: dialect), MemoryStore(), server)
    }
  }

  /// The name that a prompt's request has in a batch, by the text of its last message.
  private static func names(_ teacher: Teacher, _ prompts: [Prompt]) throws -> [String: String] {
    try Dictionary(uniqueKeysWithValues: prompts.map { (try teacher.request(for: $0).id.hex, $0.text) })
  }

  private static func failure(
    _ teacher: Teacher, _ prompts: [Prompt], _ store: MemoryStore, _ options: Teacher.AskOptions
  ) async throws -> HintedError? {
    do {
      _ = try await teacher.ask(prompts, store: store, options: options)
      return nil
    } catch let error as HintedError {
      return error
    }
  }

  @Test("answers find their prompts in any order, cost half, and are those of ordinary requests", arguments: dialects)
  func answers(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider(lookCount: 2)
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, server in
      let prompts = try TeacherFixture.prompts(7)
      let outcome = try await teacher.ask(prompts, store: store, options: Self.options())
      #expect(outcome.samples.map(\.text) == (0..<7).map { "to prompt \($0)" })
      #expect(outcome.answeredCount == 7 && outcome.reusedCount == 0)
      #expect(outcome.cost == 7 * 3.5 && outcome.possibleCost == 0)
      #expect(outcome.usage == TokenUsage(promptTokenCount: 21, completionTokenCount: 14))
      #expect(Set(store.contents.answers.keys) == Set(try prompts.map { try teacher.request(for: $0).id }))
      #expect(store.outcomes == Array(repeating: "answered", count: 7) && store.contents.leases.isEmpty)
      #expect(provider.batches.count == 1 && provider.answeredNames.count == 7)
      let requestCount = server.requests.count
      let again = try await teacher.ask(prompts, store: store)
      #expect(again.reusedCount == 7 && again.cost == 0 && server.requests.count == requestCount)
    }
  }

  @Test("the key goes to the server itself, wherever it says that its results are")
  func key() async throws {
    let provider = BatchProvider()
    try await withLoopbackServer(provider.reply) { server in
      let teacher = try TeacherFixture.teacher(server, dialect: .anthropic, key: "k-1")
      let outcome = try await teacher.ask(TeacherFixture.prompts(1), store: MemoryStore(), options: Self.options())
      #expect(outcome.answeredCount == 1)
      #expect(server.requests.allSatisfy { $0.headers["x-api-key"] == "k-1" })
      #expect(server.requests.last?.path.hasSuffix("/results") == true)
    }
  }

  @Test("what fails in a batch is what it would be alone, and is asked again where that helps", arguments: dialects)
  func fates(dialect: TeacherProfile.Dialect) async throws {
    let names = Mutex([String: String]())
    let provider = BatchProvider { name, number in
      guard number == 1 else { return .answered }
      return switch names.withLock({ $0[name] }) {
      case "Be brief.\n\nprompt 1": .error(status: 400, type: "invalid_request_error", message: "not this one")
      case "Be brief.\n\nprompt 2": .error(status: 529, type: "overloaded_error", message: "busy")
      case "Be brief.\n\nprompt 3": .expired
      case "Be brief.\n\nprompt 4": .omitted
      default: .answered
      }
    }
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, _ in
      let prompts = try TeacherFixture.prompts(6)
      let known = try Self.names(teacher, prompts)
      names.withLock { $0 = known }
      let outcome = try await teacher.ask(prompts, store: store, options: Self.options())
      #expect(outcome.samples.map(\.promptIndex) == [0, 2, 3, 4, 5])
      #expect(outcome.refused.map(\.prompt.index) == [1] && outcome.refused[0].refusal.status == 400)
      #expect(outcome.refused[0].refusal.detail.contains("not this one"))
      #expect(store.contents.refusals.count == 1 && store.contents.leases.isEmpty)
      #expect(provider.batches.map(\.names.count) == [6, 3])
      #expect(outcome.cost == 5 * 3.5)
      // Of an omitted request nobody knows whether it was billed, unless the whole batch ran out of time.
      let isExpired = dialect == .openAIChat
      #expect(outcome.possibleCost == (isExpired ? 0 : 18.5))
      let failed = store.outcomes.filter { $0 != "answered" }.sorted()
      #expect(
        failed
          == (isExpired
            ? ["expired", "expired", "rejected", "server-error"]
            : ["expired", "lost", "rejected", "server-error"]))
      #expect(store.contents.attempts.contains { $0.detail.contains("batch_1") && $0.detail.contains("busy") })
    }
  }

  @Test("a request that never gets through ends the run after the policy's attempts", arguments: dialects)
  func hopeless(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider { _, _ in .error(status: 500, type: "api_error", message: "no luck") }
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, _ in
      let error = try await Self.failure(teacher, TeacherFixture.prompts(2), store, Self.options())
      #expect(error?.message.contains("no luck") == true && provider.batches.count == 3)
    }
  }

  @Test("where every prompt is refused, the profile is wrong: nothing of that is kept", arguments: dialects)
  func allRefused(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider { _, _ in .error(status: 400, type: "invalid_request_error", message: "no such field")
    }
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, _ in
      let error = try await Self.failure(teacher, TeacherFixture.prompts(6), store, Self.options())
      #expect(error?.message.contains("refuses every prompt, 6 of 6") == true)
      #expect(store.contents.refusals.isEmpty && provider.batches.count == 1)
    }
  }

  @Test("a batch that was cancelled at the server ends the run; the next asks what is missing", arguments: dialects)
  func cancelled(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider { name, number in number == 1 && name < "8" ? .cancelled : .answered }
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, _ in
      let prompts = try TeacherFixture.prompts(12)
      let error = try await Self.failure(teacher, prompts, store, Self.options())
      #expect(error?.message.contains("was cancelled at the server") == true)
      let outcome = try await teacher.ask(prompts, store: store, options: Self.options())
      #expect(outcome.samples.count == 12 && Set(provider.answeredNames).count == 12)
      #expect(provider.batches.count == 2 && provider.batches[1].names.count < 12)
    }
  }

  @Test("a submission whose answer broke off is found in the server's list, not made again", arguments: dialects)
  func brokenOff(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider(submission: { _, reply in
      var reply = reply
      reply.sentByteCount = 5
      return reply
    })
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, _ in
      let outcome = try await teacher.ask(TeacherFixture.prompts(5), store: store, options: Self.options(search: 5))
      #expect(outcome.answeredCount == 5 && provider.batches.count == 1)
      #expect(store.contents.batches.map(\.serverID) == ["batch_1"])
    }
  }

  @Test("a submission that the server did not take is made again", arguments: dialects)
  func notTaken(dialect: TeacherProfile.Dialect) async throws {
    let refusals = Mutex(Countdown(count: 2))
    let provider = BatchProvider()
    try await withLoopbackServer { request in
      if request.method == "POST", request.path.hasSuffix("/batches"), refusals.withLock({ $0.next() }) {
        return .json("{}", status: 503)
      }
      return provider.reply(request)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, dialect: dialect)
      let outcome = try await teacher.ask(
        TeacherFixture.prompts(5), store: MemoryStore(), options: Self.options(search: 0.05))
      #expect(outcome.answeredCount == 5 && provider.batches.count == 1)
    }
  }

  @Test("no more is handed in than the limit holds, and the rest waits for another run", arguments: dialects)
  func budget(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider()
    try await Self.withProvider(provider, dialect: dialect) { teacher, store, _ in
      let prompts = try TeacherFixture.prompts(10)
      // Two fit with 18.50 each; then 7 are spent, and two more fit; and so on, until 28 are.
      let error = try await Self.failure(teacher, prompts, store, Self.options(45))
      #expect(error?.status == .stopped && error?.message.contains("budget of $45.00") == true)
      #expect(provider.batches.first?.names.count == 2)
      let spent = store.contents.answers.values.reduce(0) { $0 + $1.cost }
      #expect(spent <= 45 && spent > 45 - 18.5)
    }
  }

  @Test("a batch that the server refuses as a whole is nobody's fault but the profile's", arguments: [true, false])
  func wholeRefused(isFull: Bool) async throws {
    let provider = BatchProvider(
      failure: { $0 == 1 ? (isFull ? "token_limit_exceeded" : "invalid_json_line", "its own words") : nil })
    try await Self.withProvider(provider, dialect: .openAIChat) { teacher, store, _ in
      let prompts = try TeacherFixture.prompts(6)
      let error = try await Self.failure(teacher, prompts, store, Self.options())
      // A queue that is full has room later.
      #expect(isFull ? error == nil : error?.message.contains("its own words") == true)
      #expect(store.contents.leases.isEmpty && store.contents.refusals.isEmpty)
      #expect(try await teacher.ask(prompts, store: store).samples.count == 6)
    }
  }

  @Test("an ordinary ask waits for what a batch is asked, and asks only the rest")
  func ordinary() async throws {
    let provider = BatchProvider(lookCount: 3)
    try await Self.withProvider(provider, dialect: .openAIChat) { teacher, store, server in
      let prompts = try TeacherFixture.prompts(8)
      provider.hold(true)
      async let batched = Self.failure(teacher, Array(prompts.prefix(5)), store, Self.options())
      while provider.batches.isEmpty || store.contents.batches.last?.serverID == nil {
        try await Task.sleep(for: .milliseconds(5))
      }
      var options = Teacher.AskOptions()
      options.batchPolicy = Self.options().batchPolicy
      async let alone = teacher.ask(prompts, store: store, options: options)
      provider.hold(false)
      let outcome = try await alone
      #expect(try await batched == nil)
      #expect(outcome.samples.count == 8 && provider.ordinaryCount == 3 && provider.batches.count == 1)
      #expect(store.outcomes.count == 8)
      #expect(server.requests.count { $0.path.hasSuffix("/chat/completions") } == 3)
    }
  }

  @Test("batches that are given up free their requests, and what they may have cost stays known")
  func forgotten() async throws {
    let provider = BatchProvider()
    try await Self.withProvider(provider, dialect: .openAIChat) { teacher, store, _ in
      let prompts = try TeacherFixture.prompts(2)
      let items = try prompts.map { BatchedRequest(try teacher.request(for: $0), possibleCost: 18.5) }
      var batch = TeacherBatch(
        token: "t", endpoint: items[0].request.endpoint, model: "asked-model", requestCount: 2, submittedAt: .now)
      batch.serverID = "batch_nobody_knows"
      _ = try await store.open(batch, of: items)
      try await store.note(batch)
      let error = try await Self.failure(teacher, prompts, store, Self.options())
      #expect(error?.message.contains("does not know the batch batch_nobody_knows") == true)
      var options = Self.options()
      options.forgetsBatches = true
      let outcome = try await teacher.ask(prompts, store: store, options: options)
      #expect(outcome.answeredCount == 2 && outcome.possibleCost == 37)
      #expect(store.outcomes.sorted() == ["answered", "answered", "lost", "lost"])
    }
  }

  @Test("a batch that answers none of its requests is another's: nothing is asked again", arguments: dialects)
  func foreign(dialect: TeacherProfile.Dialect) async throws {
    let provider = BatchProvider()
    try await Self.withProvider(provider, dialect: dialect) { teacher, _, _ in
      let prompts = try TeacherFixture.prompts(4)
      _ = try await teacher.ask(Array(prompts[..<2]), store: MemoryStore(), options: Self.options())
      let store = MemoryStore()
      let items = try prompts[2...].map { BatchedRequest(try teacher.request(for: $0), possibleCost: 18.5) }
      var batch = TeacherBatch(
        token: "t", endpoint: items[0].request.endpoint, model: "asked-model", requestCount: 2, submittedAt: Date())
      batch.serverID = "batch_1"
      _ = try await store.open(batch, of: items)
      try await store.note(batch)
      let error = try await Self.failure(teacher, Array(prompts[2...]), store, Self.options())
      #expect(error?.message.contains("answers none of the requests") == true)
      #expect(provider.batches.count == 1 && store.contents.attempts.isEmpty)
    }
  }

  @Test("dialects without such an API say so", arguments: [TeacherProfile.Dialect.ollama, .scripted, .llama2c])
  func unknown(dialect: TeacherProfile.Dialect) async throws {
    try await Self.withProvider(BatchProvider(), dialect: dialect) { teacher, store, server in
      let error = try await Self.failure(teacher, TeacherFixture.prompts(1), store, Self.options())
      #expect(error?.status == .usage && error?.message.contains("takes no batches") == true)
      #expect(server.requests.isEmpty)
    }
  }

  @Test("the estimate is half, and says what is under way")
  func estimate() async throws {
    try await Self.withProvider(BatchProvider(), dialect: .openAIChat) { teacher, store, _ in
      let prompts = PromptStream(try TeacherFixture.prompts(4))
      let full = try await teacher.estimate(prompts, store: store)
      let half = try await teacher.estimate(prompts, store: store, batches: true)
      #expect(half.maximumCost == full.maximumCost / 2 && half.requestCount == 4 && half.batchedCount == 0)
    }
  }
}

/// True so many times.
private struct Countdown {
  var count: Int

  mutating func next() -> Bool {
    count -= 1
    return count >= 0
  }
}
