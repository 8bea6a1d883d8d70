import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

@Suite("Asking a teacher")
struct AskTests {
  @Test("samples come in the prompts' order, however the answers arrive, with usage and cost")
  func order() async throws {
    try await withLoopbackServer { request in
      var reply = TeacherFixture.echo(request)
      reply.delaySeconds = Double(20 - request.number) * 0.005
      return reply
    } _: { server in
      let prompts = try TeacherFixture.prompts(20)
      let outcome = try await TeacherFixture.teacher(server, maxInFlight: 8).ask(prompts, store: MemoryStore())
      #expect(outcome.samples.map(\.text) == (0..<20).map { "to prompt \($0)" })
      #expect(outcome.samples.map(\.promptID) == prompts.map(\.id))
      #expect(outcome.samples.map(\.promptIndex) == Array(0..<20))
      #expect(outcome.samples.allSatisfy { $0.model == "answering-model" && $0.finishReason == .stop })
      #expect(outcome.usage == TokenUsage(promptTokenCount: 60, completionTokenCount: 40))
      #expect(outcome.cost == 20 * 7)
      #expect(outcome.answeredCount == 20)
      #expect(outcome.reusedCount == 0)
    }
  }

  @Test("a request is recorded before it is sent")
  func recordedFirst() async throws {
    let store = MemoryStore()
    let unrecordedCount = Mutex(0)
    try await withLoopbackServer { request in
      let payload = String(decoding: request.body, as: UTF8.self)
      if !store.contents.requests.values.contains(where: { $0.payload == payload }) {
        unrecordedCount.withLock { $0 += 1 }
      }
      return TeacherFixture.echo(request)
    } _: { server in
      _ = try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(10), store: store)
      #expect(unrecordedCount.withLock { $0 } == 0)
      #expect(server.requests.count == 10)
    }
  }

  @Test("the same call again asks nothing; more prompts ask only for the new ones, on another port too")
  func resume() async throws {
    let store = MemoryStore()
    let first = try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(6), store: store)
    }
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server)
      let again = try await teacher.ask(TeacherFixture.prompts(6), store: store)
      #expect(again.samples == first.samples)
      #expect(again.reusedCount == 6)
      #expect(again.cost == 0)
      #expect(server.requests.isEmpty)
      let estimate = try await teacher.estimate(PromptStream(TeacherFixture.prompts(9)), store: store)
      #expect(estimate.requestCount == 3)
      #expect(estimate.reusedCount == 6)
      #expect(estimate.maximumCompletionTokenCount == 30)
      _ = try await teacher.ask(TeacherFixture.prompts(9), store: store)
      #expect(server.requests.count == 3)
    }
  }

  @Test("another model, server or sampling is another request")
  func identity() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let prompt = try TeacherFixture.prompts(1)[0]
      let ids = [
        try TeacherFixture.teacher(server).request(for: prompt).id,
        try TeacherFixture.teacher(server, identity: "elsewhere").request(for: prompt).id,
        try TeacherFixture.teacher(server, dialect: .openAICompletions).request(for: prompt).id,
        try TeacherFixture.teacher(server).request(for: TeacherFixture.prompts(1, maxTokens: 11)[0]).id,
      ]
      #expect(Set(ids).count == 4)
    }
  }

  @Test("equal prompts are asked once and answered each")
  func duplicates() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let prompt = try TeacherFixture.prompts(1)[0]
      var twin = prompt
      twin.index = 1
      let outcome = try await TeacherFixture.teacher(server).ask([prompt, twin], store: MemoryStore())
      #expect(outcome.samples.map(\.promptIndex) == [0, 1])
      #expect(server.requests.count == 1)
    }
  }

  @Test("as many requests are in flight as the profile allows, and no more")
  func inFlight() async throws {
    try await withLoopbackServer { request in
      var reply = TeacherFixture.echo(request)
      reply.delaySeconds = 0.1
      return reply
    } _: { server in
      _ = try await TeacherFixture.teacher(server, maxInFlight: 3).ask(TeacherFixture.prompts(12), store: MemoryStore())
      #expect(server.largestOpenCount == 3)
    }
  }

  @Test("requests keep the profile's pace")
  func pace() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 8, requestsPerMinute: 1200)
      let start = ContinuousClock.now
      _ = try await teacher.ask(TeacherFixture.prompts(8), store: MemoryStore())
      // Seven gaps of 50 ms: a lower bound, whatever the machine's load.
      #expect(ContinuousClock.now - start >= .milliseconds(340))
    }
  }

  @Test(
    "answers that a limit or a filter cut are kept as they are",
    arguments: ["length", "content_filter", "refusal", "odd"])
  func finishReasons(word: String) async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0, finishReason: word)
    } _: { server in
      let store = MemoryStore()
      let outcome = try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(2), store: store)
      let reason = word == "refusal" ? FinishReason.contentFilter : FinishReason(word: word)
      #expect(outcome.samples.map(\.finishReason) == [reason, reason])
      #expect(server.requests.count == 2)
    }
  }

  @Test("no request starts that could exceed the budget; what came before is stored")
  func budget() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let store = MemoryStore()
      // An answer costs 7; in the worst case 9 + 8 bytes of prompt and 10 tokens of answer: 37.
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), TeacherFixture.prompts(8), store: store, spendMaximum: 52)
      #expect(error?.status == .stopped)
      #expect(store.contents.answers.count == 3)
      #expect(server.requests.count == 3)
    }
  }

  @Test("a cancelled ask starts nothing new, stores what is under way, and can go on")
  func cancellation() async throws {
    let store = MemoryStore()
    try await withLoopbackServer { request in
      var reply = TeacherFixture.echo(request)
      reply.delaySeconds = 0.3
      return reply
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 3)
      let prompts = try TeacherFixture.prompts(9)
      let task = Task { try await teacher.ask(prompts, store: store) }
      while server.requests.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
      task.cancel()
      await #expect {
        try await task.value
      } throws: { ($0 as? HintedError)?.status == .stopped }
      #expect(server.requests.count == 3)
      #expect(store.contents.answers.count == 3)
      let outcome = try await teacher.ask(prompts, store: store)
      #expect(outcome.samples.count == 9)
      #expect(server.requests.count == 9)
    }
  }

  @Test("a key is demanded by its variable's name and sent, but never stored")
  func keys() async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let store = MemoryStore()
      _ = try await TeacherFixture.teacher(server, key: "very-secret").ask(TeacherFixture.prompts(1), store: store)
      #expect(server.requests[0].headers["authorization"] == "Bearer very-secret")
      #expect(!"\(store.contents)".contains("very-secret"))
      let teacher = try TeacherFixture.teacher(server, key: "very-secret")
      var dumped = ""
      dump(teacher, to: &dumped)
      #expect(!dumped.contains("very-secret"))
      for wrong in ["", "two words", "line\n", "ключ"] {
        #expect {
          try TeacherFixture.teacher(server, key: wrong)
        } throws: { "\($0)".contains("TEST_KEY") && (wrong.isEmpty || !"\($0)".contains(wrong)) }
      }
    }
  }
}
