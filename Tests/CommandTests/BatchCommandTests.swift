import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

/// `alambic ask --batch`, killed and gone on with. An answer has five tokens of a tenth of a cent, at half the price.
@Suite("alambic ask --batch")
struct BatchCommandTests {
  private static let dialects = ["openai-chat", "anthropic"]

  private struct Status: Decodable {
    struct Counts: Decodable {
      var answerCount: Int
      var attemptCount: Int
      var leaseCount: Int
      var cost: Double
      var possibleCost: Double
    }
    var counts: Counts
  }

  private static func counts(_ project: TinyProject) async throws -> Status.Counts {
    let outcome = try await project("ledger status --json")
    return try JSONDecoder().decode(Status.self, from: Data(outcome.standardOutput.utf8)).counts
  }

  /// What ends a test where a condition never comes true.
  private static func withProject(
    _ dialect: String, _ provider: BatchProvider, profile: String = "",
    _ body: (TinyProject) async throws -> Void
  ) async throws {
    try await ForeignTeacherTests.withProject(profile: profile, reply: provider.reply) { project, _ in
      let path = "\(project.folder)/teachers/foreign.yaml"
      let profile = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(profile.replacingOccurrences(of: "openai-chat", with: dialect), to: path)
      try await body(project)
    }
  }

  private static func expectAll(_ project: TinyProject, _ provider: BatchProvider) async throws {
    let counts = try await Self.counts(project)
    #expect(counts.answerCount == 24 && counts.attemptCount == 24 && counts.leaseCount == 0)
    #expect(abs(counts.cost - 24 * 0.0025) < 1e-9 && counts.possibleCost == 0)
    #expect(provider.batches.count == 1 && provider.answeredNames.count == 24)
  }

  @Test("killed between submission and results, it goes on with the same batch", arguments: dialects)
  func killedWaiting(dialect: String) async throws {
    let provider = BatchProvider()
    provider.hold(true)
    try await Self.withProject(dialect, provider) { project in
      let looks = { provider.batches.first?.lookCountSoFar ?? 0 }
      _ = try await project.run("ask tiny --batch", .killed) {
        try await waitUntil { looks() > 0 }
      }
      let waiting = try await Self.counts(project)
      #expect(waiting.answerCount == 0 && waiting.leaseCount == 24 && waiting.possibleCost > 0)
      let preview = try await project("ask tiny --batch --dry-run")
      #expect(preview.standardOutput.contains("24 of them in batches under way"), "\(preview)")
      provider.hold(false)
      let outcome = try await project("ask tiny --batch")
      #expect(outcome.status == 0 && outcome.standardError.contains("24 answers"), "\(outcome)")
      #expect(outcome.standardError.contains("24 asked, 0 from the ledger"), "\(outcome)")
      try await Self.expectAll(project, provider)
      let again = try await project("ask tiny")
      #expect(again.status == 0 && again.standardError.contains("up to date"), "\(again)")
    }
  }

  @Test("killed before the server's word came, it finds the batch in the list", arguments: dialects)
  func killedSubmitting(dialect: String) async throws {
    let provider = BatchProvider(submission: { _, reply in
      var reply = reply
      reply.delaySeconds = 5
      return reply
    })
    try await Self.withProject(dialect, provider) { project in
      _ = try await project.run("ask tiny --batch", .killed) {
        try await waitUntil { !provider.batches.isEmpty }
      }
      #expect(try await Self.counts(project).leaseCount == 24)
      let outcome = try await project("ask tiny --batch")
      #expect(outcome.status == 0, "\(outcome)")
      try await Self.expectAll(project, provider)
    }
  }

  @Test("killed at random moments, every prompt is handed in once")
  func kills() async throws {
    let random = Mutex(SeededGenerator(seed: 5))
    let provider = BatchProvider()
    try await Self.withProject("openai-chat", provider, profile: "pace: {batchRequests: 2}") { project in
      // A batch ends at the second look, a second after the first: no run gets that far.
      for _ in 0..<KillCount.value(usually: 8) {
        let delay = random.withLock { 0.05 + 0.5 * $0.unit() }
        _ = try await project.run("ask tiny --batch", .killed) { try await Task.sleep(for: .seconds(delay)) }
      }
      let outcome = try await project("ask tiny --batch")
      #expect(outcome.status == 0 && outcome.standardError.contains("24 answers"), "\(outcome)")
      let names = provider.batches.flatMap(\.names)
      #expect(names.count == 24 && Set(names).count == 24 && provider.batches.count >= 12)
      let counts = try await Self.counts(project)
      #expect(counts.answerCount == 24 && counts.leaseCount == 0 && counts.possibleCost == 0)
      #expect(abs(counts.cost - 24 * 0.0025) < 1e-9)
      try HostileCount.note("kill", of: "ask by batches", KillCount.value(usually: 8))
    }
  }

  @Test("two at once hand every prompt in once", arguments: dialects)
  func together(dialect: String) async throws {
    let provider = BatchProvider(lookCount: 2)
    try await Self.withProject(dialect, provider) { project in
      async let first = project("ask tiny --batch")
      async let second = project("ask tiny --batch")
      let outcomes = try await [first, second]
      #expect(outcomes.allSatisfy { $0.status == 0 && $0.standardError.contains("24 answers") }, "\(outcomes)")
      try await Self.expectAll(project, provider)
    }
  }

  @Test("interrupted, it says how to go on, and an ordinary ask takes the batch's answers")
  func interrupted() async throws {
    let provider = BatchProvider()
    provider.hold(true)
    try await Self.withProject("openai-chat", provider) { project in
      let stopped = try await project.run("ask tiny --batch", .interrupted) {
        try await waitUntil { (provider.batches.first?.lookCountSoFar ?? 0) > 0 }
      }
      #expect(stopped.status != 0 && stopped.standardError.contains("run the same command again"), "\(stopped)")
      provider.hold(false)
      #expect(try await project("ask tiny").status == 0)
      try await Self.expectAll(project, provider)
      #expect(provider.ordinaryCount == 0)
    }
  }

  @Test("a teacher without such an API says so before anything is asked")
  func unknown() async throws {
    let provider = BatchProvider()
    try await Self.withProject("ollama", provider) { project in
      let outcome = try await project("ask tiny --batch")
      #expect(outcome.status == 64 && outcome.standardError.contains("takes no batches"), "\(outcome)")
    }
  }
}
