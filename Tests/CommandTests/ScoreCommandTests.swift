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

  @Test("make judges the student, evaluate and run show print the score of the image that make left")
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
      let shown = try await project("run show tiny --json").json()
      #expect((shown["score"] as? [String: Any])?["image"] as? String == score.image.description)
      let text = try await project("run show tiny").standardOutput
      #expect(text.contains("held-out requests") && text.contains("plain GPT in int8"))
    }
  }

  @Test("the score of another run's image is not this run's")
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
