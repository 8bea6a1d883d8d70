import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// A corpus that is judged: the stage `evaluate`, and where its score is shown.
@Suite("A corpus's score")
struct ScoreCommandTests {
  private static let task = "task: {reply: after-first-line, judge: grammar, questions: 20}"
  private static let noise = "{typo: 0.5, unpunctuated: 0.5, capitalized: 0.5, upper: 0.5}"

  private func score(_ outcome: AlambicCommand.Outcome) throws -> Score {
    #expect(outcome.status == 0, "\(outcome)")
    return try Score(reading: Array(outcome.standardOutput.utf8), name: "standard output")
  }

  @Test("make judges the student, evaluate and run show print the score of the image that make left", .needsEmulator)
  func score() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(task: Self.task)
      let made = try await project.make("--until evaluate")
      #expect(made.ran == ["ask", "curate", "shard", "train", "export", "evaluate"])
      let score = try score(try await project("evaluate tiny --json"))
      #expect(score.image == (try made.output(of: "export").id))
      #expect(score.sets.map(\.set) == [.heldOut, .phrasings, .typo, .letterCase, .punctuation])
      #expect(score.sets.allSatisfy { $0.right.count > 0 && $0.right.count <= 20 })
      #expect(score.baselines.map(\.name) == ["nearest request", "most frequent reply", "plain GPT in int8"])
      // Four of each set, on the core that the recipe names.
      #expect(score.emulated == Score.Emulated(core: "cortex-m3", askedCount: 20, differingCount: 0))
      #expect(made.steps.last?.figures["emulated.askedCount"] == 20)
      let shown = try await project("run show tiny --json").json()
      #expect((shown["score"] as? [String: Any])?["image"] as? String == score.image.description)
      let text = try await project("run show tiny").standardOutput
      #expect(text.contains("held-out requests") && text.contains("plain GPT in int8"))
      let emulated = "20 of the questions asked again on an emulated cortex-m3: the same replies, byte for byte"
      #expect(text.hasSuffix("\n\n\(emulated)\n"), "\(text)")
      for line in ["evaluate tiny", "make tiny --until evaluate", "inspect \(project.path("scores/tiny/score.json"))"] {
        let shown = try await project(line).standardOutput
        #expect(shown.contains(emulated) && !shown.contains(" \n    \(emulated)"), "\(shown)")
      }
    }
  }

  @Test("a core that replies otherwise fails the step, which names the request; the score keeps it", .needsEmulator)
  func difference() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(task: Self.task)
      // The runner writes down another token than the engine chose.
      let firmware = "\(folder)/firmware"
      try FileManager.default.removeItem(atPath: firmware)
      try FileManager.default.copyItem(atPath: "\(PackageRoot.path)/firmware", toPath: firmware)
      let source = "\(firmware)/app/runner.c"
      let right = String(decoding: try AtomicFile.read(source), as: UTF8.self)
      let write = "if (!port_write(&choice, 1))"
      let wrong = right.replacing(write, with: "choice = (uint8_t)(choice ^ 1u);\n    \(write)")
      #expect(wrong != right)
      try AtomicFile.write(wrong, to: source)
      let outcome = try await project("make tiny --until evaluate --quiet")
      #expect(outcome.status == 1, "\(outcome)")
      let path = project.path("scores/tiny/score.json")
      let score = try Score(reading: try AtomicFile.read(path), name: path)
      let emulated = try #require(score.emulated)
      #expect(emulated.askedCount == 20 && emulated.differingCount == 20)
      let first = try #require(emulated.firstDifference)
      #expect(first.request == score.samples.first?.request)
      #expect(
        outcome.standardError.contains(
          "the emulated cortex-m3 replies otherwise to 20 of 20 questions; the first is "
            + first.request.debugDescription), "\(outcome)")
      // No receipt: the step is asked for again.
      let again = try await project("evaluate tiny --quiet")
      #expect(again.status == 1, "\(again)")
    }
  }

  @Test("without an emulator a judged corpus is refused as `verify` refuses it, and before a baseline is trained")
  func noEmulator() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let tools = "\(folder)/tools"
      try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
      for name in ["make", "cc", "arm-none-eabi-gcc"] {
        try FileManager.default.createSymbolicLink(atPath: "\(tools)/\(name)", withDestinationPath: "/bin/true")
      }
      func made(until stage: String) async throws -> AlambicCommand.Outcome {
        try await project.alambic.run(
          ["make", "tiny", "--quiet", "--until", stage], environment: ["ALAMBIC_PROJECT": folder, "PATH": tools])
      }
      let unproven = try await made(until: "verify")
      #expect(unproven.status == 69 && unproven.standardError.contains("qemu-system-arm is not installed"))
      try project.writeRecipe(task: Self.task)
      let unscored = try await made(until: "evaluate")
      #expect(unscored.status == 69 && unscored.standardError == unproven.standardError, "\(unscored)")
      #expect(!FileManager.default.fileExists(atPath: project.path("scores/tiny")))
    }
  }

  @Test("a vocabulary is named by the receipt of train, traced back to a prompt, and inspected")
  func vocabulary() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let made = try await project.make("--until export")
      let image = try await project("inspect \(project.path("images/tiny.atome"))").standardOutput
      let path = project.path("runs/tiny/checkpoint.vocabulary")
      let id = ContentID(of: try AtomicFile.read(path))
      #expect(image.contains(id.description) && made.ran.contains("train"))
      let trace = try await project("why \(id.short)").standardOutput
      #expect(trace.hasPrefix("vocabulary \(id.short)") && trace.contains("`train` of tiny"))
      #expect(trace.contains("← shards") && trace.contains("← samples"))
      #expect(try await project("inspect \(path)").standardOutput.contains("Strings of the vocabulary"))
    }
  }

  @Test("the score of another run's image is not this run's", .needsEmulator)
  func otherRun() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(task: Self.task)
      _ = try await project.make("--until evaluate")
      try project.writeRecipe(steps: 41, task: Self.task)
      _ = try await project.make("--until train")
      let shown = try await project("run show tiny --json").json()
      #expect(shown["history"] != nil && shown["score"] == nil)
      #expect(try await !project("run show tiny").standardOutput.contains("Wholly right"))
    }
  }

  @Test("noise in requests changes the student, and neither threads nor a kill change what it is")
  func noise() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(steps: 1500, task: Self.task)
      let quiet = try await project.make("--until train").output(of: "train").id
      try project.writeRecipe(steps: 1500, task: Self.task, noise: Self.noise)
      let noisy = try await project.make("--until train --threads 1").output(of: "train").id
      #expect(noisy != quiet)
      for threads in [1, 2] {
        try FileManager.default.removeItem(atPath: project.path("runs/tiny"))
        let log = project.path("runs/tiny/checkpoint.progress.jsonl")
        _ = try await project.make("--until train --threads \(threads)", .interrupted) {
          for _ in 0..<2000 where !FileManager.default.fileExists(atPath: log) {
            try await Task.sleep(for: .milliseconds(5))
          }
          try await Task.sleep(for: .milliseconds(200))
        }
        #expect(FileManager.default.fileExists(atPath: project.path("runs/tiny/checkpoint.partial")))
        #expect(try await project.make("--until train --threads \(threads)").output(of: "train").id == noisy)
      }
    }
  }
}
