import Basics
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("alambic ask --part, and alambic merge")
struct PartsTests {
  /// The ids of what `make --until shard` left.
  private static func ids(_ project: TinyProject) async throws -> [String] {
    let answer = try await project.make("--until shard")
    return answer.steps.flatMap { step in step.outputs.map { "\(step.stage) \($0.kind) \($0.id)" } }
  }

  private struct Status: Decodable {
    struct Counts: Decodable {
      var answerCount: Int
      var attemptCount: Int
      var cost: Double
      var possibleCost: Double
    }
    var counts: Counts
  }

  private static func counts(_ project: TinyProject) async throws -> Status.Counts {
    let outcome = try await project("ledger status --json")
    return try JSONDecoder().decode(Status.self, from: Data(outcome.standardOutput.utf8)).counts
  }

  @Test("1, 3 and 16 parts leave the bytes of one machine")
  func sameBytes() async throws {
    try await withTemporaryFolder { folder in
      let alone = try TinyProject(in: "\(folder)/alone")
      let expected = try await Self.ids(alone)
      #expect(expected.contains { $0.hasPrefix("ask samples ") } && expected.contains { $0.hasPrefix("shard ") })
      for count in [1, 3, 16] {
        let project = try TinyProject(in: "\(folder)/\(count)")
        // In another order than their numbers'.
        for number in (1...count).reversed() {
          let outcome = try await project("ask tiny --quiet --part \(number)/\(count)")
          #expect(outcome.status == 0, "\(outcome)")
        }
        #expect(!FileManager.default.fileExists(atPath: project.path("ledger.sqlite")))
        let merged = try await project("merge tiny")
        #expect(merged.status == 0 && merged.standardError.contains("24 answers"), "\(merged)")
        #expect(merged.standardError.contains("of \(count) part"), "\(merged)")
        #expect(try await Self.ids(project) == expected)
        let counts = try await Self.counts(project)
        #expect(counts.answerCount == 24 && counts.attemptCount == 24)
        // Again, it changes nothing.
        #expect(try await project("merge tiny").status == 0)
        #expect(try await Self.counts(project).attemptCount == 24)
      }
    }
  }

  @Test("a part that is missing or damaged is named, and nothing is merged until it is there")
  func missing() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      for number in [1, 2] { #expect(try await project("ask tiny --quiet --part \(number)/4").status == 0) }
      let missing = try await project("merge tiny")
      #expect(missing.status == 75 && missing.standardError.contains("2 of 4 parts of tiny are missing: 3-4"))
      #expect(missing.standardError.contains("alambic ask tiny --part 3/4"), "\(missing)")
      for number in [3, 4] { #expect(try await project("ask tiny --quiet --part \(number)/4").status == 0) }

      let path = project.path("parts/tiny/2-of-4/1/ledger.sqlite")
      var bytes = try AtomicFile.read(path)
      bytes[bytes.count - 1] ^= 1
      try AtomicFile.write(bytes, to: path)
      let damaged = try await project("merge tiny")
      #expect(damaged.status == 75 && damaged.standardError.contains("1 of 4 parts of tiny are missing: 2"))
      #expect(damaged.standardError.contains("part 2/4, attempt 1: its ledger is not the one"), "\(damaged)")
      #expect(try await Self.counts(project).answerCount == 0)

      // A damaged attempt stays, and the next one takes its place. SQLite reads past the byte, so no answer is taken.
      #expect(try await project("ask tiny --quiet --part 2/4").status == 0)
      #expect(try await project("merge tiny").status == 0)
      let counts = try await Self.counts(project)
      #expect(counts.answerCount == 24 && counts.attemptCount > 24, "\(counts)")
    }
  }

  @Test("a recipe that changed since has no parts; one that is complete is not asked again")
  func changed() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      #expect(try await project("ask tiny --part 1/1").status == 0)
      let again = try await project("ask tiny --part 1/1")
      #expect(again.status == 0 && again.standardError.contains("part 1/1 is complete since attempt 1"), "\(again)")
      try project.writeRecipe(promptCount: 30)
      let merged = try await project("merge tiny")
      #expect(merged.status == 75 && merged.standardError.contains("another recipe or teacher"), "\(merged)")
      // What the first attempt has is not asked again.
      #expect(try await project("ask tiny --part 1/1").status == 0)
      #expect(try await project("merge tiny").status == 0)
      #expect(try await Self.counts(project).attemptCount == 30)
    }
  }

  /// Every answer costs 0.03 dollars.
  @Test("killed at random moments, parts ask for what is missing, and every request is in the bill")
  func kills() async throws {
    try await ForeignTeacherTests.withProject(promptCount: 120) { request in
      var reply = ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
      reply.delaySeconds = 0.03
      return reply
    } _: { project, server in
      var generator = SeededGenerator(seed: 7)
      for number in 1...2 {
        for _ in 0..<3 {
          let seconds = 0.25 + 0.3 * generator.unit()
          _ = try await project.run("ask tiny --quiet --part \(number)/2 --at-once 2", .killed) {
            try await Task.sleep(for: .seconds(seconds))
          }
        }
        let outcome = try await project("ask tiny --quiet --part \(number)/2 --at-once 2")
        #expect(outcome.status == 0, "\(outcome)")
      }
      #expect(try await project("merge tiny --quiet").status == 0)
      let counts = try await Self.counts(project)
      #expect(counts.answerCount == 120 && abs(counts.cost - 3.6) < 1e-9, "\(counts)")
      let bill = 0.03 * Double(server.requests.count)
      #expect(bill > 3.6 - 1e-9 && bill <= counts.cost + counts.possibleCost + 1e-9, "\(bill) \(counts)")
      // Two of the four requests that the profile allows are under way in one part; six kills.
      #expect(server.requests.count <= 120 + 6 * 2)
    }
  }

  @Test("a limit of spending is dealt to the parts, and holds for all attempts at one")
  func spending() async throws {
    try await ForeignTeacherTests.withProject { request in
      ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
    } _: { project, server in
      // An answer of 512 tokens costs 0.512 dollars and is set aside as such: five of 0.03 fit into half of 1.4.
      let ask = "ask tiny --quiet --part 1/2 --at-once 1 --spend-max 1.4"
      let first = try await project(ask)
      #expect(first.status == 75, "\(first)")
      let asked = server.requests.count
      #expect((3...6).contains(asked), "\(asked)")
      let second = try await project(ask)
      #expect(second.status == 75 && server.requests.count == asked, "\(second)")
      #expect(try await project("\(ask)0").status == 75 && server.requests.count == asked)
      #expect(try await project("ask tiny --quiet --part 1/2 --at-once 1 --spend-max 14").status == 0)
    }
  }

  /// An answer costs 0.03 dollars, and counts as 0.1 or so until it comes.
  @Test("what complete parts left goes to others, kills included, and the bill stays below the limit of all")
  func returns() async throws {
    let limit = 24 * 0.03 + 8 * 0.12
    let answersLate = Atomic(false)
    try await ForeignTeacherTests.withProject(prompting: "sampling: {maxTokens: 20}") { request in
      var reply = ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
      reply.delaySeconds = answersLate.load(ordering: .relaxed) ? 1 : 0.02
      return reply
    } _: { project, server in
      func ask(_ part: Int) -> String { "ask tiny --quiet --part \(part)/8 --at-once 4 --spend-max \(limit)" }
      // A share is enough for four or five requests; three are the mean, and some parts have more.
      var stopped: Set<Int> = []
      for part in 1...8 {
        if part.isMultiple(of: 4) {
          // While a request is under way: what it may have cost has to come from others.
          let requestCount = server.requests.count
          answersLate.store(true, ordering: .relaxed)
          _ = try await project.run(ask(part), .killed) {
            try await waitUntil { server.requests.count > requestCount }
          }
          answersLate.store(false, ordering: .relaxed)
        }
        if try await project(ask(part)).status == 75 { stopped.insert(part) }
      }
      #expect(stopped.count < 8, "\(stopped)")
      for _ in 0..<8 where !stopped.isEmpty {
        for part in stopped {
          if try await project(ask(part)).status == 0 { stopped.remove(part) }
        }
      }
      #expect(stopped.isEmpty)
      #expect(FileManager.default.fileExists(atPath: project.path("parts/tiny/budget")))
      #expect(try await project("merge tiny --quiet").status == 0)
      let counts = try await Self.counts(project)
      #expect(counts.answerCount == 24 && counts.cost + counts.possibleCost <= limit + 1e-9, "\(counts)")
      #expect(0.03 * Double(server.requests.count) <= counts.cost + counts.possibleCost + 1e-9)
    }
  }

  @Test("what the workspace has is not asked by a part")
  func workspaceAnswers() async throws {
    try await ForeignTeacherTests.withProject { request in
      ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
    } _: { project, server in
      #expect(try await project("ask tiny --quiet").status == 0)
      for number in 1...3 {
        #expect(try await project("ask tiny --quiet --part \(number)/3 --at-once 1").status == 0)
      }
      #expect(server.requests.count == 24)
      #expect(try await project("merge tiny").status == 0)
      let counts = try await Self.counts(project)
      #expect(counts.attemptCount == 24 && abs(counts.cost - 24 * 0.03) < 1e-9)
    }
  }

  @Test("the part comes from the array job, and what cannot be a part is refused")
  func names() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      func ask(_ part: String, _ changes: [String: String]) async throws -> AlambicCommand.Outcome {
        try await project.alambic.run(
          ["ask", "tiny", "--part", part], environment: changes.merging(["ALAMBIC_PROJECT": folder]) { $1 })
      }
      let task = ["SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1"]
      let slurm = try await ask("auto", task.merging(["SLURM_ARRAY_TASK_MAX": "3"]) { $1 })
      #expect(slurm.status == 0 && slurm.standardError.contains("part 2/3"), "\(slurm)")
      let some = try await ask("auto", task.merging(["SLURM_ARRAY_TASK_MAX": "9"]) { $1 })
      #expect(some.status == 64 && some.standardError.contains("--part auto/16"), "\(some)")
      let ofAll = try await ask("auto/9", task)
      #expect(ofAll.status == 0 && ofAll.standardError.contains("part 2/9"), "\(ofAll)")
      let kubernetes = try await ask("auto/3", ["JOB_COMPLETION_INDEX": "0"])
      #expect(kubernetes.status == 0 && kubernetes.standardError.contains("part 1/3"), "\(kubernetes)")
      for (part, changes) in [
        ("auto", [:]), ("auto", ["JOB_COMPLETION_INDEX": "0"]), ("auto/3", ["JOB_COMPLETION_INDEX": "3"]),
        ("4/3", [:]), ("0/3", [:]), ("3", [:]), ("1/3/4", [:]), ("1/", [:]),
      ] {
        let refused = try await ask(part, changes)
        #expect(refused.status == 64 && refused.standardError.contains("hint: "), "\(part): \(refused)")
      }
      for option in ["--batch", "--dry-run", "--from text.txt"] {
        #expect(try await project("ask tiny --part 1/3 \(option)").status == 64)
      }
      #expect(try await project("ask tiny --at-once 3").status == 64)
      // The thermostat's teacher runs inside each part, and has no pace to share; one at an address has.
      let shared = try await project("ask tiny --part 1/100 --endpoint http://127.0.0.1:1/v1")
      #expect(shared.status == 64 && shared.standardError.contains("--at-once"), "\(shared)")
    }
  }
}
