import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

/// A server of which every fifth answer is a fault, and which keeps its own bill: an answer costs 0.03 dollars.
@Suite("alambic ask, of a faulty server")
struct FaultyServerTests {
  /// What the server was asked, and what it charges.
  private final class Books: Sendable {
    private struct State {
      var random: SeededGenerator
      var faultCounts: [Int: Int] = [:]
      var bill = 0.0
      /// Of answers that broke off: the server charges them, and nobody else can know.
      var brokenBill = 0.0
    }
    private let state: Mutex<State>

    init(seed: UInt64) { state = Mutex(State(random: SeededGenerator(seed: seed))) }

    var bill: Double { state.withLock { $0.bill } }
    var brokenBill: Double { state.withLock { $0.brokenBill } }
    var faultKindCount: Int { state.withLock { $0.faultCounts.count } }

    func reply(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
      state.withLock { state in
        guard state.random.below(5) == 0 else {
          state.bill += 0.03
          return Self.answer(request)
        }
        let kind = state.random.below(9)
        state.faultCounts[kind, default: 0] += 1
        return Self.fault(kind, request, &state)
      }
    }

    private static func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
      // The same question has the same answer, whenever it is asked.
      let id = ContentID(of: request.body).short
      return ForeignTeacherTests.answer("> what is \(id)\\n< It is \(id).")
    }

    private static func fault(
      _ kind: Int, _ request: LoopbackServer.Request, _ state: inout State
    ) -> LoopbackServer.Reply {
      switch kind {
      case 0: return .json(#"{"error":{"message":"inner"}}"#, status: 500)
      case 1: return .json("<html>gateway</html>", status: 502)
      case 2: return .json("{}", status: 503, headers: ["Retry-After": "0"])
      case 3: return .json(#"{"error":{"message":"slow down"}}"#, status: 429, headers: ["retry-after-ms": "20"])
      case 4: return .json(#"{"error":{"message":"upstream","code":502}}"#)
      case 5:
        state.bill += 0.03
        return .json(#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":20}}"#)
      case 6:
        state.bill += 0.03
        return .json(#"{"choices":[{"message":{"content":42}}],"usage":{"prompt_tokens":10,"completion_tokens":20}}"#)
      case 7:
        state.brokenBill += 0.03
        var reply = answer(request)
        reply.sentByteCount = reply.body.count / 2
        return reply
      default:
        return .json("{}", status: 504)
      }
    }
  }

  private struct Status: Decodable {
    struct Counts: Decodable {
      var answerCount: Int
      var requestCount: Int
      var cost: Double
      var possibleCost: Double
    }
    var counts: Counts
  }

  @Test("all answers come, each once, and the ledger has the server's bill", arguments: [1, 2] as [UInt64])
  func mixed(seed: UInt64) async throws {
    let books = Books(seed: seed)
    let promptCount = FaultCount.value(usually: 600)
    try await ForeignTeacherTests.withProject(
      profile: "pace: {maxInFlight: 64}", promptCount: promptCount, reply: books.reply
    ) { project, server in
      // A prompt may meet six faults in a row; the same command then goes on.
      var outcome = try await project("ask tiny --quiet")
      for _ in 0..<20 where outcome.status == 69 { outcome = try await project("ask tiny --quiet") }
      #expect(outcome.status == 0, "\(outcome)")
      let status = try await project("ledger status --json")
      let counts = try JSONDecoder().decode(Status.self, from: Data(status.standardOutput.utf8)).counts
      #expect(counts.requestCount == promptCount && counts.answerCount == promptCount)
      #expect(abs(counts.cost - books.bill) < 1e-6, "\(counts.cost), \(books.bill)")
      #expect(counts.possibleCost + 1e-6 >= books.brokenBill && books.faultKindCount == 9)
      let asked = Set(server.requests.map { ContentID(of: $0.body) })
      #expect(asked.count == promptCount)
      #expect(try await project("ask tiny --quiet").status == 0)
      #expect(abs(try await Self.bill(project) - books.bill) < 1e-6)
    }
  }

  private static func bill(_ project: TinyProject) async throws -> Double {
    let status = try await project("ledger status --json")
    return try JSONDecoder().decode(Status.self, from: Data(status.standardOutput.utf8)).counts.cost
  }
}
