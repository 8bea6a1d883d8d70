import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

/// `sampling.n`: a prompt token costs 1 dollar, a completion token 2.
@Suite("Several answers a request")
struct SeveralAnswersTests {
  /// So many prompts, whose answers come `n` at a time.
  private static func prompts(_ count: Int, n: Int) throws -> [Prompt] {
    try (0..<count).map { index in
      let choice = index % n
      return try Prompt(
        index: index, messages: [Message(.user, "prompt \(index / n)")],
        sampling: SamplingSettings(temperature: 0.5, maxTokens: 10, n: n, choice: choice == 0 ? nil : choice))
    }
  }

  /// A request may meet several faults in a row.
  private static let patient = RetryPolicy(
    maximumAttemptCount: 50, firstDelaySeconds: 0.001, maximumDelaySeconds: 0.002)

  /// As many choices as were asked for, but for `missing`; the first has two bytes less than the others.
  private static func reply(_ request: LoopbackServer.Request, missing: Int = 0) -> LoopbackServer.Reply {
    let count = (TeacherFixture.json(request.body)["n"] as? Int ?? 1) - missing
    let text = TeacherFixture.lastMessage(of: request)
    let choices = (0..<count).map { index in
      let reason = index == 1 ? "length" : "stop"
      return #"{"index":\#(index),"message":{"content":"\#(text) #\#(index)"},"finish_reason":"\#(reason)"}"#
    }
    return .json(
      #"{"model":"m","choices":[\#(choices.joined(separator: ","))],"#
        + #""usage":{"prompt_tokens":3,"completion_tokens":\#(4 * count + 1)}}"#)
  }

  @Test("each is a sample of its own prompt, the request is sent and paid once")
  func together() async throws {
    try await withLoopbackServer {
      Self.reply($0)
    } _: { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      let prompts = try Self.prompts(12, n: 3)
      #expect(Set(prompts.map(\.id)).count == 12)
      let outcome = try await teacher.ask(prompts, store: store)
      #expect(outcome.samples.map(\.text) == (0..<12).map { "prompt \($0 / 3) #\($0 % 3)" })
      #expect(outcome.samples.map(\.promptID) == prompts.map(\.id) && Set(outcome.samples.map(\.id)).count == 12)
      #expect(outcome.samples.map(\.finishReason) == (0..<12).map { $0 % 3 == 1 ? .length : .stop })
      #expect(
        server.requests.count == 4 && server.requests.allSatisfy { TeacherFixture.json($0.body)["n"] as? Int == 3 })
      // 3 + 13 · 2 dollars a request, by whatever shares.
      #expect(outcome.cost == 4 * 29)
      #expect(outcome.usage == TokenUsage(promptTokenCount: 12, completionTokenCount: 52))
      #expect(store.contents.answers.values.reduce(0) { $0 + $1.cost } == 4 * 29)
      #expect(store.contents.answers.count == 12 && store.contents.attempts.count == 4)
      let again = try await teacher.ask(prompts, store: store)
      #expect(again.reusedCount == 12 && again.cost == 0 && server.requests.count == 4)
      // A part of them is there, too, and one more prompt brings one more request.
      let more = try await teacher.ask(try Self.prompts(15, n: 3).suffix(5), store: store)
      #expect(more.reusedCount == 2 && more.samples.count == 5 && server.requests.count == 5)
    }
  }

  @Test("the limit has room for all answers of a request before it is sent")
  func budget() async throws {
    try await withLoopbackServer {
      Self.reply($0)
    } _: { server in
      // 8 bytes of prompt and 30 tokens: 68 dollars at most.
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), Self.prompts(3, n: 3), store: MemoryStore(), spendMaximum: 67)
      #expect(error?.status == .stopped && server.requests.isEmpty)
    }
  }

  @Test("a server that gives fewer is believed: what is missing is refused, and nothing is paid again")
  func fewer() async throws {
    try await withLoopbackServer {
      Self.reply($0, missing: 2)
    } _: { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      for retriesRefused in [false, false, true] {
        let outcome = try await teacher.ask(
          Self.prompts(6, n: 3), store: store, options: Teacher.AskOptions(retriesRefused: retriesRefused))
        #expect(outcome.samples.map(\.promptIndex) == [0, 3])
        #expect(outcome.refused.map(\.prompt.index).sorted() == [1, 2, 4, 5])
        #expect(outcome.refused.allSatisfy { $0.refusal.detail.contains("fewer answers than sampling.n") })
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test("what is refused is refused for all of them, and is not asked again")
  func refused() async throws {
    try await withLoopbackServer { request in
      TeacherFixture.lastMessage(of: request) == "prompt 1"
        ? .json(#"{"error":{"message":"never"}}"#, status: 400) : Self.reply(request)
    } _: { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server, maxInFlight: 1))
      for _ in 0..<2 {
        let outcome = try await teacher.ask(Self.prompts(6, n: 2), store: store)
        #expect(outcome.samples.map(\.promptIndex) == [0, 1, 4, 5])
        #expect(outcome.refused.map(\.prompt.index).sorted() == [2, 3])
        #expect(server.requests.count == 3)
      }
    }
  }

  @Test("faults beside it lose and double nothing")
  func faults() async throws {
    let count = Mutex(0)
    try await withLoopbackServer { request in
      count.withLock {
        $0 += 1
        return $0
      }.isMultiple(of: 3) ? .json("{}", status: 503) : Self.reply(request)
    } _: { server in
      let store = MemoryStore()
      let outcome = try await TeacherFixture.teacher(server, maxInFlight: 8, retryPolicy: Self.patient).ask(
        Self.prompts(60, n: 4), store: store)
      #expect(outcome.samples.map(\.text) == (0..<60).map { "prompt \($0 / 4) #\($0 % 4)" })
      #expect(store.outcomes.count { $0 == "answered" } == 15 && store.contents.leases.isEmpty)
    }
  }

  @Test(
    "dialects that give one answer a request say so before anything is sent",
    arguments: [TeacherProfile.Dialect.anthropic, .ollama, .scripted, .llama2c])
  func unknown(dialect: TeacherProfile.Dialect) async throws {
    try await withLoopbackServer {
      Self.reply($0)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, dialect: dialect)
      let error = try await TeacherFixture.failure(teacher, Self.prompts(2, n: 2), store: MemoryStore())
      #expect(error?.status == .usage && error?.message.contains("sampling.n") == true && server.requests.isEmpty)
    }
  }

  private static let batches = {
    var options = Teacher.AskOptions()
    options.batches = true
    options.batchPolicy = Teacher.BatchPolicy(firstSeconds: 0.01, longestSeconds: 0.02, searchSeconds: 0)
    return options
  }()

  @Test("a batch hands a request in once for all its answers, at half the price; whoever collects takes them apart")
  func batch() async throws {
    let provider = BatchProvider()
    try await withLoopbackServer(provider.reply) { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      let prompts = try Self.prompts(12, n: 3)
      let outcome = try await teacher.ask(prompts, store: store, options: Self.batches)
      #expect(
        outcome.samples.map(\.text) == (0..<12).map { "to prompt \($0 / 3)" + ($0 % 3 == 0 ? "" : " #\($0 % 3)") })
      #expect(provider.batches.count == 1 && provider.answeredNames.count == 4)
      #expect(outcome.answeredCount == 4 && outcome.reusedCount == 0 && store.contents.attempts.count == 4)
      // 3 + 6 · 2 dollars a request, halved, by whatever shares.
      #expect(outcome.cost == 4 * 7.5)
      #expect(abs(store.contents.answers.values.reduce(0) { $0 + $1.cost } - 30) < 1e-9)
      #expect(store.contents.answers.count == 12 && store.contents.leases.isEmpty)
      let again = try await teacher.ask(prompts, store: store)
      #expect(again.reusedCount == 12 && again.cost == 0 && provider.ordinaryCount == 0)
    }
  }

  @Test("what a batch refuses is refused for all answers of the request, and asked no more")
  func refusedBatch() async throws {
    let first = Mutex<String?>(nil)
    let provider = BatchProvider(fate: { name, _ in
      let refused = first.withLock { known in
        known = known ?? name
        return known == name
      }
      return refused ? .error(status: 400, type: "invalid_request_error", message: "never") : .answered
    })
    try await withLoopbackServer(provider.reply) { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      for _ in 0..<2 {
        let outcome = try await teacher.ask(Self.prompts(6, n: 2), store: store, options: Self.batches)
        #expect(outcome.refused.map(\.prompt.index).sorted() == [0, 1] && outcome.samples.count == 4)
        #expect(provider.batches.count == 1)
      }
    }
  }
}
