import Basics
import Foundation
import HTTPTransport
import Lineage
import Synchronization
import Teachers
import TestSupport
import Testing

/// A prompt token costs 1 dollar here, a completion token 2; in the worst case a prompt costs 37.
@Suite("Money")
struct MoneyTests {
  private static let billedNothing = #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#

  @Test("a response that was billed and is not an answer is booked, and a retry is set aside anew")
  func billedRetries() async throws {
    try await withLoopbackServer { _ in
      .json(Self.billedNothing)
    } _: { server in
      let store = MemoryStore()
      // Each attempt costs 7. After two, 14 are spent, and a third could bring that to 14 + 37.
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server), TeacherFixture.prompts(1), store: store, spendMaximum: 50)
      #expect(error?.status == .stopped && error?.message.contains("$14.00 are spent") == true)
      #expect(server.requests.count == 2)
      #expect(store.contents.attempts.map(\.cost) == [7, 7])
    }
  }

  @Test("what an error status was billed for is booked, and nothing where it says nothing")
  func billedErrors() async throws {
    try await withLoopbackServer { request in
      switch request.number {
      case 1: .json(#"{"error":{"message":"late"},"usage":{"prompt_tokens":4,"completion_tokens":0}}"#, status: 500)
      case 2: .json("{}", status: 503)
      default: TeacherFixture.echo(request)
      }
    } _: { server in
      let store = MemoryStore()
      let outcome = try await TeacherFixture.teacher(server).ask(TeacherFixture.prompts(1), store: store)
      #expect(store.contents.attempts.map(\.cost) == [4, 0, 0])
      #expect(outcome.cost == 11)
    }
  }

  @Test("a server that counts nothing is booked at the estimate, and the limit holds")
  func uncounted() async throws {
    try await withLoopbackServer { _ in
      .json(#"{"choices":[{"message":{"content":"12345678"},"finish_reason":"stop"}]}"#)
    } _: { server in
      let store = MemoryStore()
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server, maxInFlight: 1), TeacherFixture.prompts(40), store: store, spendMaximum: 200)
      #expect(error?.status == .stopped)
      let answers = store.contents.answers.values
      #expect(answers.allSatisfy { $0.isUsageEstimated && $0.usage.completionTokenCount == 2 && $0.cost > 4 })
      #expect(answers.reduce(0) { $0 + $1.cost } <= 200 && answers.count < 40)
    }
  }

  @Test("what an attempt without a response may have cost stays set aside, and is said")
  func possiblyBilled() async throws {
    try await withLoopbackServer { _ in
      LoopbackServer.Reply(delaySeconds: 5)
    } _: { server in
      let store = MemoryStore()
      // Each attempt can cost 37 and ends without a word; a third would bring 74 to 111.
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server, timeouts: HTTPTimeouts(total: 0.3)), TeacherFixture.prompts(1), store: store,
        spendMaximum: 100)
      #expect(error?.status == .stopped && error?.message.contains("up to $74.00 more") == true)
      #expect(store.contents.attempts.map(\.possibleCost) == [37, 37])
      #expect(store.contents.attempts.map(\.cost) == [0, 0])
    }
  }

  @Test("a server that cannot be reached bills nothing")
  func unreachable() async throws {
    let store = MemoryStore()
    let teacher = try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: {
      try TeacherFixture.teacher($0)
    }
    let error = try await TeacherFixture.failure(teacher, TeacherFixture.prompts(1), store: store, spendMaximum: 40)
    #expect(error?.status == .unavailable)
    #expect(store.contents.attempts.map(\.outcome) == ["refused", "refused", "refused"])
    #expect(store.contents.attempts.allSatisfy { $0.possibleCost == 0 })
  }

  @Test("no run passes its limit, whatever fails beside it", arguments: 0..<6 as Range<UInt64>)
  func neverOver(seed: UInt64) async throws {
    let random = Mutex(SeededGenerator(seed: seed))
    let bill = Mutex(0.0)
    try await withLoopbackServer { request in
      switch random.withLock({ $0.below(5) }) {
      case 0: return .json("{}", status: 500)
      case 1:
        bill.withLock { $0 += 7 }
        return .json(Self.billedNothing)
      default:
        bill.withLock { $0 += 7 }
        return TeacherFixture.echo(request)
      }
    } _: { server in
      let store = MemoryStore()
      _ = try await TeacherFixture.failure(
        TeacherFixture.teacher(server, maxInFlight: 8), TeacherFixture.prompts(60), store: store, spendMaximum: 240)
      let booked =
        store.contents.answers.values.reduce(0) { $0 + $1.cost } + store.contents.attempts.reduce(0) { $0 + $1.cost }
      #expect(bill.withLock { $0 } == booked)
      #expect(booked <= 240)
    }
  }

  /// As a judge is asked: many questions apart, several at once. Each costs 7 dollars, and 37 at most.
  @Test(
    "questions that are asked apart share the run's limit; they wait for each other's change", arguments: [90.0, 300])
  func sharedLimit(limit: Double) async throws {
    try await withLoopbackServer {
      TeacherFixture.echo($0)
    } _: { server in
      let (store, teacher) = (MemoryStore(), try TeacherFixture.teacher(server))
      let budget = Budget(maximum: limit)
      let prompts = try TeacherFixture.prompts(20)
      let stopped = await withTaskGroup(of: Bool.self) { group in
        for prompt in prompts {
          group.addTask {
            do {
              _ = try await teacher.ask([prompt], store: store, options: Teacher.AskOptions(within: budget))
              return false
            } catch {
              return (error as? HintedError)?.status == .stopped
            }
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      // Twenty cost 140: within 300 all are answered although all at once could cost 740.
      #expect(Double(server.requests.count) * 7 <= limit && server.requests.count + stopped == 20)
      #expect(limit == 300 ? stopped == 0 : stopped > 0)
      // What is stored costs nothing, and is there when all is spent.
      let known = prompts.filter { prompt in
        store.contents.answers.keys.contains { (try? teacher.request(for: prompt).id) == $0 }
      }
      let again = try await teacher.ask(known, store: store, options: Teacher.AskOptions(within: Budget(maximum: 0)))
      #expect(again.reusedCount == server.requests.count && again.cost == 0)
    }
  }
}
