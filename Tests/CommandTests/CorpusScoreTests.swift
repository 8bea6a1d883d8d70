import Basics
import Foundation
import TestSupport
import Testing

@Suite("models on a corpus's questions", .serialized)
struct CorpusScoreTests {
  private struct Score: Decodable, Equatable {
    struct Result: Decodable, Equatable {
      struct Proportion: Decodable, Equatable {
        var count: Int
        var rightCount: Int
      }
      var set: String
      var right: Proportion
    }
    struct Baseline: Decodable, Equatable { var name: String }
    var schema: String
    var image: ContentID
    var engine: String
    var sets: [Result]
    var baselines: [Baseline]
  }

  private static func project(in folder: String) throws -> TinyProject {
    let project = try TinyProject(in: folder)
    let path = "\(folder)/Corpora/tiny/recipe.yaml"
    let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(
      recipe.replacing(
        "verification:", with: "task: {reply: after-first-line, judge: grammar, questions: 8}\nverification:"),
      to: path)
    return project
  }

  private func decoded<Answer: Decodable>(_ outcome: AlambicCommand.Outcome) throws -> Answer {
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.standardOutput.utf8))
  }

  @Test("another model is asked what the corpus's student was asked, and judged alike")
  func foreignModel() async throws {
    try await withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let early = try await project("evaluate tiny --model none.atome")
      #expect(early.status == 64 && early.standardError.contains("alambic make tiny --until curate"), "\(early)")
      _ = try await project.make("--until evaluate")
      let own: Score = try decoded(try await project("evaluate tiny --json --quiet"))
      let image: Score = try decoded(
        try await project("evaluate tiny --model \(project.path("images/tiny.atome")) --json --quiet"))
      #expect(image.schema == "alambic.score/1" && image.image == own.image && image.engine == "C engine")
      #expect(image.sets == own.sets && !image.sets.isEmpty)
      #expect(image.baselines.count == 2)
      let baseline = project.path("scores/tiny/baseline.checkpoint")
      let rounded: Score = try decoded(
        try await project("evaluate tiny --model \(baseline) --int8 --json --quiet"))
      #expect(rounded.engine == "Swift engine" && rounded.image != own.image)
      #expect(rounded.sets.map(\.right.count) == own.sets.map(\.right.count))
      let table = try await project("evaluate tiny --model \(baseline)")
      #expect(table.status == 0 && table.standardOutput.hasPrefix("questions"), "\(table)")
      for options in ["--int8", "--engine c", "--window 8", "--model x --first 9"] {
        let refused = try await project("evaluate tiny \(options)")
        #expect(refused.status == 64 && refused.standardError.contains("hint:"), "\(refused)")
      }
    }
  }
}
