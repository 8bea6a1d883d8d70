import Basics
import Foundation
import Ledger
import Lineage
import ScriptedTeacher
import Serving
import TestSupport
import Testing

/// The thermostat's teacher, outside the program that asks it: it outlives that program's death, and counts.
private func withThermostatTeacher<Result>(
  latencyMilliseconds: Int, _ body: (ModelServer, [String]) async throws -> Result
) async throws -> Result {
  let grammar = try GrammarFile.read("\(PackageRoot.path)/teachers/thermostat.grammar.yaml")
  let server = ModelServer(
    grammar: grammar, model: "thermostat-grammar",
    settings: ServerSettings(faults: Faults(latencyMilliseconds: latencyMilliseconds)))
  let port = try await server.start()
  do {
    let result = try await body(server, ["ask", "thermostat", "--endpoint", "http://127.0.0.1:\(port)/v1"])
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}

extension ModelServer {
  /// Waits until this many more answers have been given, half a minute at most.
  fileprivate func waitForAnswers(_ count: Int) async throws {
    let goal = await answeredBodies.count + count
    let end = ContinuousClock.now + .seconds(30)
    while await answeredBodies.count < goal, .now < end { try await Task.sleep(for: .milliseconds(2)) }
  }
}

@Suite("alambic ask")
struct AskCommandTests {
  @Test("killed 20 times at random moments, it never asks again for what it has")
  func kills() async throws {
    try await withThermostatTeacher(latencyMilliseconds: 60) { server, ask in
      try await withTemporaryFolder { folder in
        let alambic = AlambicCommand(in: folder)
        var generator = SeededGenerator(seed: 20)
        var checks: [(stored: Set<ContentID>, answeredBefore: Int)] = []
        for _ in 0..<20 {
          let (answerCount, seconds) = (generator.below(25), 0.06 * generator.unit())
          let outcome = try await alambic.run(ask, .killed) {
            try await server.waitForAnswers(answerCount)
            try await Task.sleep(for: .seconds(seconds))
          }
          #expect(outcome.status == 128 + SIGKILL, "\(outcome)")
          let stored = try await StoredAnswers(copying: folder)?.bodies ?? []
          checks.append((stored, await server.answeredBodies.count))
        }
        #expect(Set(checks.map(\.stored.count)).count > 10, "\(checks.map(\.stored.count))")
        let last = try await alambic.run(ask + ["--quiet"])
        #expect(last.status == 0, "\(last)")

        let asked = await server.answeredBodies
        for (stored, answeredBefore) in checks { #expect(stored.isDisjoint(with: asked[answeredBefore...])) }
        let answers = try await StoredAnswers(ledger: try Ledger(path: "\(folder)/.alambic/ledger.sqlite"))
        #expect(answers.counts.answerCount == 500 && answers.counts.requestCount == 500)
        #expect(answers.bodies == Set(asked))
        // What was asked twice are the answers that a killed run was waiting for, at most eight each time.
        #expect(asked.count - answers.bodies.count <= 20 * 8)
      }
    }
  }

  @Test("interrupted, it stops in order, and the same command goes on")
  func interruption() async throws {
    try await withThermostatTeacher(latencyMilliseconds: 25) { server, ask in
      try await withTemporaryFolder { folder in
        let alambic = AlambicCommand(in: folder)
        let outcome = try await alambic.run(ask + ["--quiet"], .interrupted) {
          try await server.waitForAnswers(20)
        }
        #expect(outcome.status == 75 && outcome.standardOutput.isEmpty, "\(outcome)")
        #expect(outcome.standardError.contains("error: stopped: "), "\(outcome)")
        #expect(outcome.standardError.hasSuffix("hint: run the same command again to go on\n"), "\(outcome)")
        // Stopping in order means that what was under way is awaited and kept.
        let stored = try await StoredAnswers(ledger: try Ledger(path: "\(folder)/.alambic/ledger.sqlite"))
        let asked = await server.answeredBodies
        #expect(stored.bodies == Set(asked) && asked.count < 500)
        let rest = try await alambic.run(ask + ["--quiet"])
        #expect(rest.status == 0, "\(rest)")
        let statistics = await server.statistics
        #expect(statistics.answersSent == 500 && statistics.maximumRepeat == 1)
      }
    }
  }

  @Test("--dry-run counts and sends nothing")
  func dryRun() async throws {
    try await withThermostatTeacher(latencyMilliseconds: 0) { server, ask in
      try await withTemporaryFolder { folder in
        let answer = try await AlambicCommand(in: folder).run(ask + ["--dry-run", "--json"]).json()
        #expect(answer["schema"] as? String == "alambic.ask-preview/1")
        let preview = try #require(answer["preview"] as? [String: Any])
        #expect(preview["requestCount"] as? Int == 500 && preview["answeredCount"] as? Int == 0)
        #expect(preview["model"] as? String == "thermostat-grammar")
        #expect(await server.statistics.requestCount == 0)
      }
    }
  }

  @Test("what cannot be asked is refused, and a near miss is named")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      for command in ["ask", "curate", "shard", "ship", "make"] {
        expect(
          try await alambic("\(command) thermosat"),
          is: .refusal(
            64, "there is no corpus named 'thermosat' in \(PackageRoot.path)/Corpora",
            hint: "did you mean 'thermostat'? corpora: commands, taught-stories, thermostat, tinystories"))
      }
      expect(
        try await alambic("ask tinystories --dry-run"),
        is: .refusal(64, "tinystories asks no teacher", hint: "its text comes from `source`"))
      expect(
        try await alambic("ask thermostat --from text.txt"),
        is: .refusal(64, "--from names a file, but thermostat asks a teacher", hint: "leave --from out"))
      expect(
        try await alambic("curate thermostat"),
        is: .refusal(
          64, "`ask` of thermostat is not up to date, and `curate` builds on it",
          hint: "run `alambic make thermostat --until curate`"))
    }
  }
}
