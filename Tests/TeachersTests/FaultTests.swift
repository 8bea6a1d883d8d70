import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

@Suite("Teachers that fail")
struct FaultTests {
  /// Fails the first request in the given way and answers all others.
  private func failingOnce(
    _ first: LoopbackServer.Reply, timeouts: HTTPTimeouts = HTTPTimeouts(), key: String? = nil
  ) async throws -> (outcomes: [String], samples: [String], delays: [Double]) {
    let store = MemoryStore()
    let delays = Mutex<[Double]>([])
    return try await withLoopbackServer { request in
      request.number == 1 ? first : TeacherFixture.echo(request)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 1, key: key, timeouts: timeouts)
      let outcome = try await teacher.ask(TeacherFixture.prompts(2), store: store) { event in
        if case .retrying(_, _, let delay, _) = event { delays.withLock { $0.append(delay) } }
      }
      #expect(server.requests.count == 3)
      return (store.outcomes, outcome.samples.map(\.text), delays.withLock { $0 })
    }
  }

  @Test("passing faults are tried again and recorded", arguments: [408, 409, 429, 500, 502, 503, 504, 529])
  func transient(status: Int) async throws {
    let found = try await failingOnce(.json(#"{"error":{"message":"busy"}}"#, status: status))
    #expect(found.outcomes == [status == 429 ? "rate-limited" : "server-error", "answered", "answered"])
    #expect(found.samples == ["to prompt 0", "to prompt 1"])
  }

  @Test("a server's own waiting time counts: milliseconds, seconds, a date")
  func retryAfter() async throws {
    let milliseconds = try await failingOnce(.json("{}", status: 429, headers: ["retry-after-ms": "30"]))
    #expect(milliseconds.delays == [0.03])
    let seconds = try await failingOnce(.json("{}", status: 503, headers: ["Retry-After": "1"]))
    #expect(seconds.delays == [1])
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let date = formatter.string(from: Date(timeIntervalSinceNow: 2))
    let dated = try await failingOnce(.json("{}", status: 429, headers: ["Retry-After": date]))
    #expect(dated.delays.count == 1)
    #expect(dated.delays.allSatisfy { (0...2).contains($0) })
  }

  @Test(
    "bodies that are not an answer are recorded and tried again",
    arguments: [
      "", "{", "[]", "null", "{}", #"{"choices":[]}"#, #"{"choices":[{}]}"#,
      #"{"choices":[{"message":{"content":42},"finish_reason":"stop"}]}"#,
      #"{"choices":[{"message":{"content":"cut off in the mid"#, "<html>gateway</html>",
    ])
  func malformed(body: String) async throws {
    let found = try await failingOnce(.json(body))
    #expect(found.outcomes == ["malformed", "answered", "answered"])
  }

  @Test("bytes that are no UTF-8 are malformed, not repaired")
  func invalidUTF8() async throws {
    let body = Array(#"{"choices":[{"message":{"content":""#.utf8) + [0xFF, 0xFE] + Array(#""}}]}"#.utf8)
    let found = try await failingOnce(
      LoopbackServer.Reply(headers: ["Content-Type": "application/json"], body: body))
    #expect(found.outcomes == ["malformed", "answered", "answered"])
  }

  @Test("JSON that calls itself a web page is not trusted")
  func contentType() async throws {
    let body = Array(#"{"choices":[{"message":{"content":"x"}}]}"#.utf8)
    let found = try await failingOnce(LoopbackServer.Reply(headers: ["Content-Type": "text/html"], body: body))
    #expect(found.outcomes == ["malformed", "answered", "answered"])
  }

  @Test("a connection that breaks off is tried again")
  func drop() async throws {
    var reply = LoopbackServer.Reply.json(#"{"choices":[{"message":{"content":"complete"}}]}"#)
    reply.declaredByteCount = 9999
    let found = try await failingOnce(reply)
    #expect(found.outcomes == ["dropped", "answered", "answered"])
  }

  @Test("a server that is too slow is tried again")
  func slow() async throws {
    let found = try await failingOnce(
      LoopbackServer.Reply(delaySeconds: 2), timeouts: HTTPTimeouts(total: 0.5))
    #expect(found.outcomes == ["timed-out", "answered", "answered"])
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var status: Int
    var body: String
    var outcome: String
    var testDescription: String { "\(status) \(outcome)" }
  }

  @Test(
    "refusals that waiting does not cure stop at once, with advice",
    arguments: [
      Refusal(
        status: 429,
        body:
          #"{"error":{"message":"You exceeded your quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        outcome: "no-quota"),
      Refusal(status: 402, body: "{}", outcome: "no-quota"),
      Refusal(status: 401, body: #"{"error":{"message":"Incorrect API key: very-secret"}}"#, outcome: "not-authorised"),
      Refusal(status: 403, body: #"{"error":"no"}"#, outcome: "forbidden"),
      Refusal(status: 404, body: "<html>\u{1B}[31m</html>", outcome: "not-found"),
      Refusal(status: 302, body: "", outcome: "rejected"),
    ])
  func permanent(refusal: Refusal) async throws {
    try await withLoopbackServer { _ in
      .json(refusal.body, status: refusal.status)
    } _: { server in
      let store = MemoryStore()
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 1, key: "very-secret")
      let error = try await TeacherFixture.failure(teacher, TeacherFixture.prompts(5), store: store)
      #expect(server.requests.count == 1)
      #expect(store.outcomes == [refusal.outcome])
      #expect(error?.status == .unavailable)
      #expect(error?.hint?.isEmpty == false)
      let visible = "\(error.map(String.init(describing:)) ?? "") \(store.contents)"
      #expect(!visible.contains("very-secret"))
      #expect(!visible.contains("\u{1B}"))
    }
  }

  @Test("when the attempts are used up, what was answered is stored and the rest can be asked later")
  func exhausted() async throws {
    let store = MemoryStore()
    let isHealthy = Atomic<Bool>(false)
    try await withLoopbackServer { request in
      let fails = TeacherFixture.lastMessage(of: request) == "prompt 3" && !isHealthy.load(ordering: .relaxed)
      return fails ? .json("{}", status: 500) : TeacherFixture.echo(request)
    } _: { server in
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 1)
      let prompts = try TeacherFixture.prompts(6)
      let error = try await TeacherFixture.failure(teacher, prompts, store: store)
      #expect(error?.status == .unavailable)
      #expect(error?.message.contains("3 of 6") == true)
      #expect(store.outcomes == Array(repeating: "answered", count: 3) + Array(repeating: "server-error", count: 3))
      isHealthy.store(true, ordering: .relaxed)
      let outcome = try await teacher.ask(prompts, store: store)
      #expect(outcome.samples.map(\.text) == (0..<6).map { "to prompt \($0)" })
      #expect(server.requests.count == 9)
    }
  }

  @Test("a wait beyond the policy's patience is not taken")
  func impatience() async throws {
    try await withLoopbackServer { _ in
      .json("{}", status: 429, headers: ["Retry-After": "86400"])
    } _: { server in
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), TeacherFixture.prompts(1), store: MemoryStore())
      #expect(error?.status == .unavailable)
      #expect(server.requests.count == 1)
    }
  }

  @Test("a store that fails stops the asking with its own error")
  func brokenStore() async throws {
    struct BrokenStore: BatchlessStore {
      func answer(for requestID: ContentID) async throws -> TeacherAnswer? { nil }
      func standings(
        of requests: [(promptID: ContentID, requestID: ContentID)]
      ) async throws -> [RequestStanding] {
        requests.map { _ in .open(isPromptKnown: false) }
      }
      func lease(_ lease: AttemptLease, of request: TeacherRequest) async throws -> LeaseOutcome { .granted }
      func recordRefusal(_ refusal: TeacherRefusal) async throws {}
      func recordAttempt(_ attempt: TeacherAttempt) async throws {}
      func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws {
        throw HintedError("the disk is full", status: .unavailable)
      }
    }
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      await #expect(throws: HintedError("the disk is full", status: .unavailable)) {
        try await TeacherFixture.teacher(server, maxInFlight: 1).ask(TeacherFixture.prompts(5), store: BrokenStore())
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test("a store that fails before a request is sent costs nothing")
  func fullDisk() async throws {
    struct FullStore: BatchlessStore {
      func answer(for requestID: ContentID) async throws -> TeacherAnswer? { nil }
      func standings(
        of requests: [(promptID: ContentID, requestID: ContentID)]
      ) async throws -> [RequestStanding] {
        requests.map { _ in .open(isPromptKnown: false) }
      }
      func lease(_ lease: AttemptLease, of request: TeacherRequest) async throws -> LeaseOutcome {
        throw HintedError("the disk is full", status: .unavailable)
      }
      func recordRefusal(_ refusal: TeacherRefusal) async throws {}
      func recordAttempt(_ attempt: TeacherAttempt) async throws {}
      func recordAnswer(_ answer: TeacherAnswer, attempt: TeacherAttempt) async throws {}
    }
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      await #expect(throws: HintedError("the disk is full", status: .unavailable)) {
        try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(5), store: FullStore())
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("a server that is down is asked by one request at a time until it answers again")
  func circuitBreaker() async throws {
    let end = ContinuousClock.now + .seconds(2)
    let downCount = Mutex(0)
    try await withLoopbackServer { request in
      guard .now < end else { return TeacherFixture.echo(request) }
      downCount.withLock { $0 += 1 }
      return .json("{}", status: 503)
    } _: { server in
      let patient = RetryPolicy(maximumAttemptCount: 1000, firstDelaySeconds: 0.1, maximumDelaySeconds: 0.1)
      let teacher = try TeacherFixture.teacher(server, maxInFlight: 16, retryPolicy: patient)
      let outcome = try await teacher.ask(TeacherFixture.prompts(30), store: MemoryStore())
      #expect(outcome.answeredCount == 30)
      // Four requests start together; were each tried again every 0.1 s, there would be 80.
      #expect(downCount.withLock { $0 } < 50)
    }
  }
}
