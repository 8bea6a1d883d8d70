import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

@Suite("Prompts that a teacher refuses")
struct RefusalTests {
  private static func refusing(
    _ refused: Set<String>, status: Int = 400
  ) -> @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply {
    { request in
      refused.contains(TeacherFixture.lastMessage(of: request))
        ? .json(#"{"error":{"message":"This prompt is not allowed"}}"#, status: status) : TeacherFixture.echo(request)
    }
  }

  @Test("a refused prompt is left out, kept with the server's words, and not asked again", arguments: [400, 413, 422])
  func one(status: Int) async throws {
    let store = MemoryStore()
    try await withLoopbackServer(Self.refusing(["prompt 7"], status: status)) { server in
      let teacher = try TeacherFixture.teacher(server)
      let prompts = try TeacherFixture.prompts(20)
      let outcome = try await teacher.ask(prompts, store: store)
      #expect(outcome.samples.map(\.promptIndex) == (0..<20).filter { $0 != 7 })
      #expect(outcome.refused.map(\.prompt.index) == [7] && server.requests.count == 20)
      #expect(store.contents.refusals.values.map(\.detail) == ["status \(status): This prompt is not allowed"])
      #expect(store.outcomes.filter { $0 == "rejected" }.count == 1)
      let again = try await teacher.ask(prompts, store: store)
      #expect(again.samples.count == 19 && again.refused.count == 1 && server.requests.count == 20)
      #expect(try await teacher.estimate(PromptStream(prompts), store: store).refusedCount == 1)
      _ = try await teacher.ask(prompts, store: store, options: Teacher.AskOptions(retriesRefused: true))
      #expect(server.requests.count == 21)
    }
  }

  /// The profile is wrong, not the prompts: nothing of it may keep them from being asked once it is mended.
  @Test("where the first are all refused, the run stops at once and keeps nothing of it", arguments: [3, 40])
  func all(count: Int) async throws {
    let store = MemoryStore()
    try await withLoopbackServer { _ in
      .json(#"{"error":{"message":"Unsupported parameter: 'max_tokens'"}}"#, status: 400)
    } _: { server in
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), TeacherFixture.prompts(count), store: store)
      #expect(error?.message.contains("Unsupported parameter: 'max_tokens'") == true)
      #expect(error?.hint?.contains("omit") == true && error?.status == .unavailable)
      #expect(server.requests.count <= 5 + 3, "those under way beside the fifth")
      #expect(store.contents.refusals.isEmpty)
    }
  }

  @Test("refusals before the first answer count once it came")
  func late() async throws {
    let store = MemoryStore()
    try await withLoopbackServer(Self.refusing(["prompt 0", "prompt 1", "prompt 2"])) { server in
      let outcome = try await TeacherFixture.teacher(server, maxInFlight: 1).ask(
        TeacherFixture.prompts(6), store: store)
      #expect(outcome.samples.count == 3 && outcome.refused.count == 3)
      #expect(store.contents.refusals.count == 3)
    }
  }
}

@Suite("A teacher that is asked too much")
struct LimitTests {
  @Test("\"too many requests\" uses up no attempts, however often it comes")
  func patience() async throws {
    try await withLoopbackServer { request in
      request.number <= 12 ? .json("{}", status: 429) : TeacherFixture.echo(request)
    } _: { server in
      let store = MemoryStore()
      let outcome = try await TeacherFixture.teacher(server, maxInFlight: 2).ask(
        TeacherFixture.prompts(3), store: store)
      #expect(outcome.samples.count == 3)
      #expect(store.outcomes.count { $0 == "rate-limited" } == 12)
    }
  }

  @Test(
    "all wait with the one that was told, and how long is read from whichever place says it",
    arguments: [
      ["Retry-After": "0.4"], ["retry-after-ms": "400"],
      ["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "400ms"],
      [
        "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "0m0.4s",
        "x-ratelimit-remaining-requests": "9",
        "x-ratelimit-reset-requests": "6m0s",
      ],
      [:],
    ])
  func shared(headers: [String: String]) async throws {
    let message = headers.isEmpty ? "Rate limit reached. Please try again in 400ms." : "slow down"
    let times = Mutex<[ContinuousClock.Instant]>([])
    try await withLoopbackServer { request in
      times.withLock { $0.append(.now) }
      guard request.number == 1 else { return TeacherFixture.echo(request) }
      return .json(#"{"error":{"message":"\#(message)"}}"#, status: 429, headers: headers)
    } _: { server in
      _ = try await TeacherFixture.teacher(server, maxInFlight: 1).ask(TeacherFixture.prompts(3), store: MemoryStore())
      let seen = times.withLock { $0 }
      // A lower bound, whatever the machine's load.
      #expect(seen.count == 4 && seen[1] - seen[0] >= .milliseconds(390))
    }
  }

  @Test("a run begins with a few requests, and halves them when the server says too many")
  func adapts() async throws {
    try await withLoopbackServer { request in
      var reply = request.number == 30 ? .json("{}", status: 429) : TeacherFixture.echo(request)
      reply.delaySeconds = 0.02
      return reply
    } _: { server in
      let outcome = try await TeacherFixture.teacher(server, maxInFlight: 32).ask(
        TeacherFixture.prompts(80), store: MemoryStore())
      #expect(outcome.samples.count == 80)
      #expect(server.largestOpenCount > 4 && server.largestOpenCount <= 32)
    }
  }

  @Test("without an answer for too long it is an error")
  func endless() async throws {
    try await withLoopbackServer { _ in
      .json(#"{"error":{"message":"slow down"}}"#, status: 429)
    } _: { server in
      var policy = TeacherFixture.hasty
      policy.maximumLimitedSeconds = 0.3
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server, retryPolicy: policy), TeacherFixture.prompts(2), store: MemoryStore())
      #expect(error?.status == .unavailable && error?.message.contains("slow down") == true)
    }
  }
}

@Suite("The first answers")
struct FirstAnswersTests {
  @Test("a run whose first answers are mostly empty or cut stops with figures and cure", arguments: ["", "cut"])
  func useless(text: String) async throws {
    let reason = text.isEmpty ? "stop" : "length"
    try await withLoopbackServer { _ in
      .json(#"{"choices":[{"message":{"content":"\#(text)"},"finish_reason":"\#(reason)"}]}"#)
    } _: { server in
      let store = MemoryStore()
      let teacher = try TeacherFixture.teacher(server)
      let error = try await TeacherFixture.failure(teacher, TeacherFixture.prompts(60), store: store)
      #expect(error?.status == .badData && error?.hint?.contains("maxTokens") == true)
      #expect(error?.message.contains("first 20 answers") == true)
      #expect(store.contents.answers.count < 30, "what was under way is stored")
      let all = try await teacher.ask(
        TeacherFixture.prompts(60), store: store, options: Teacher.AskOptions(checksFirstAnswers: false))
      #expect(all.samples.count == 60)
      #expect(server.requests.count == 60)
    }
  }

  @Test(
    "a run whose first answers are all the same stops, unless they are as short as labels",
    arguments: [("Hello! How can I help you?", 20), ("turn_lights_on", 60)])
  func alike(text: String, leastCount: Int) async throws {
    try await withLoopbackServer { _ in
      .json(#"{"choices":[{"message":{"content":"\#(text)"},"finish_reason":"stop"}]}"#)
    } _: { server in
      let store = MemoryStore()
      let teacher = try TeacherFixture.teacher(server)
      guard leastCount < 60 else {
        let outcome = try await teacher.ask(TeacherFixture.prompts(60), store: store)
        return #expect(outcome.samples.count == 60)
      }
      let error = try await TeacherFixture.failure(teacher, TeacherFixture.prompts(60), store: store)
      #expect(error?.status == .badData && error?.message.contains("all the same: '\(text)'") == true)
      #expect(leastCount..<30 ~= store.contents.answers.count, "what was under way is stored")
    }
  }

  @Test("half of them may be, a short run is not judged, and what is of use is for the asker to say")
  func tolerable() async throws {
    try await withLoopbackServer { request in
      TeacherFixture.echo(request, finishReason: request.number.isMultiple(of: 2) ? "length" : "stop")
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 1)
      #expect(try await teacher.ask(TeacherFixture.prompts(30), store: MemoryStore()).samples.count == 30)
      let picky = Teacher.AskOptions(isUsable: { !$0.text.hasSuffix("4") && $0.finishReason == .stop })
      await #expect {
        _ = try await teacher.ask(TeacherFixture.prompts(30), store: MemoryStore(), options: picky)
      } throws: { ($0 as? HintedError)?.message.contains("are refused by curation") == true }
      let lenient = Teacher.AskOptions(isUsable: { _ in true })
      let cut = try await withLoopbackServer {
        TeacherFixture.echo($0, finishReason: "length")
      } _: { server in
        try await TeacherFixture.teacher(server).ask(
          TeacherFixture.prompts(30), store: MemoryStore(), options: lenient)
      }
      #expect(cut.samples.count == 30)
    }
  }
}
