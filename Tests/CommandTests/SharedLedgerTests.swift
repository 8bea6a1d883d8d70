import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

/// Several processes ask the same prompts, with one ledger; every answer costs 0.03 dollars.
@Suite("alambic ask, of several processes")
struct SharedLedgerTests {
  private static func slowAnswer(_ request: LoopbackServer.Request, seconds: Double) -> LoopbackServer.Reply {
    var reply = ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
    reply.delaySeconds = seconds
    return reply
  }

  private struct Counts: Decodable {
    struct Numbers: Decodable {
      var answerCount: Int
      var attemptCount: Int
      var leaseCount: Int
      var cost: Double
      var possibleCost: Double
    }
    var counts: Numbers
  }

  private static func counts(_ project: TinyProject) async throws -> Counts.Numbers {
    let outcome = try await project("ledger status --json")
    return try JSONDecoder().decode(Counts.self, from: Data(outcome.standardOutput.utf8)).counts
  }

  @Test("two at once pay for every prompt once, and both end with all answers")
  func together() async throws {
    try await ForeignTeacherTests.withProject {
      Self.slowAnswer($0, seconds: 0.1)
    } _: { project, server in
      async let first = project("ask tiny")
      async let second = project("ask tiny")
      let outcomes = try await [first, second]
      #expect(outcomes.allSatisfy { $0.status == 0 && $0.standardError.contains("24 answers") }, "\(outcomes)")
      #expect(server.requests.count == 24)
      let counts = try await Self.counts(project)
      #expect(counts.answerCount == 24 && counts.attemptCount == 24 && counts.leaseCount == 0)
      #expect(abs(counts.cost - 24 * 0.03) < 1e-9 && counts.possibleCost == 0)
    }
  }

  @Test("killed at random moments, whatever the server was sent is in the ledger")
  func kills() async throws {
    let random = Mutex(SeededGenerator(seed: 11))
    let killCount = KillCount.value(usually: 8)
    // So many that the last kill still finds something to ask.
    let promptCount = 20 * killCount
    try await ForeignTeacherTests.withProject(promptCount: promptCount) { request in
      request.number % 5 == 0 ? .json("{}", status: 503) : Self.slowAnswer(request, seconds: 0.05)
    } _: { project, server in
      for _ in 0..<killCount {
        let delay = random.withLock { 0.15 + 0.5 * $0.unit() }
        async let killed = project.run("ask tiny", .killed) {
          try await Task.sleep(for: .seconds(delay))
        }
        async let other = project.run("ask tiny", .killed) {
          try await Task.sleep(for: .seconds(0.7 * delay))
        }
        _ = try await (killed, other)
      }
      // Each pair of runs was killed while it asked.
      #expect(try await Self.counts(project).attemptCount > 0 && server.requests.count > killCount)
      let last = try await project("ask tiny")
      #expect(last.status == 0, "\(last)")
      let counts = try await Self.counts(project)
      let answeredCount = server.requests.count { $0.number % 5 != 0 }
      #expect(counts.answerCount == promptCount && counts.leaseCount == 0)
      #expect(server.requests.count <= counts.attemptCount)
      // The server's bill is between what is booked for certain and what kills may have cost beside it.
      let bill = 0.03 * Double(answeredCount)
      #expect(counts.cost <= bill + 1e-9 && bill <= counts.cost + counts.possibleCost + 1e-9)
      try HostileCount.note("kill", of: "ask, two at once", 2 * killCount)
    }
  }
}
