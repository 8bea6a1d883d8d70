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
    struct Emulated: Decodable, Equatable { var askedCount: Int }
    var schema: String
    var image: ContentID
    var engine: String
    var emulated: Emulated?
    var sets: [Result]
    var baselines: [Baseline]
  }

  private struct Comparison: Decodable {
    struct Section: Decodable { var rows: [Row] }
    struct Row: Decodable {
      var name: String
      var bitsPerByte: [Double]
      var right: [Score.Result.Proportion]?
    }
    var isCorpus: Bool
    var trainDocumentCount: Int
    var testDocumentCount: Int
    var stepCount: Int
    var windowTokenCount: Int
    var vocabulary: [String: JSONValue]?
    var sections: [Section]
  }

  /// Whatever it is: only that it is there counts.
  private struct JSONValue: Decodable {
    init(from decoder: any Decoder) throws { _ = try decoder.singleValueContainer() }
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

  @Test("another model is asked what the corpus's student was asked, and judged alike", .needsEmulator)
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
      #expect(own.emulated?.askedCount == 20 && image.emulated == nil)
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

  @Test("a corpus is compared on its documents and questions, as its recipe says")
  func comparison() async throws {
    try await withTemporaryFolder { folder in
      let project = try Self.project(in: folder)
      let who = ["atome-60k", "gpt-6k", "gpt-6k:int8", "gpt-6k:4bit"].map { "--contestant \($0)" }
      let line = "compare --corpus tiny \(who.joined(separator: " ")) --seeds 2"
      let early = try await project("\(line) --out early")
      #expect(early.status == 64 && early.standardError.contains("alambic make tiny --until shard"), "\(early)")
      _ = try await project.make("--until shard")
      let report: Comparison = try decoded(try await project("\(line) --json --quiet --out one"))
      // Steps and window are the recipe's.
      #expect(report.isCorpus && report.stepCount == 40 && report.windowTokenCount == 64)
      #expect(report.trainDocumentCount > report.testDocumentCount && report.testDocumentCount > 0)
      #expect(report.vocabulary != nil)
      let rows = report.sections[0].rows
      #expect(rows.map(\.name) == ["atome-60k ternary", "gpt-6k float32", "gpt-6k int8", "gpt-6k 4bit"])
      for row in rows {
        let right = try #require(row.right)
        #expect(right.count == 2 && right.allSatisfy { $0.count == right[0].count && $0.count > 0 })
        #expect(row.bitsPerByte.allSatisfy { (0.1..<9).contains($0) })
      }
      let bytes: Comparison = try decoded(
        try await project("\(line) --steps 3 --vocabulary bytes --json --quiet --out one"))
      #expect(bytes.vocabulary == nil && bytes.stepCount == 3)
      let text = try await project("\(line) --quiet --out one")
      #expect(text.standardOutput.contains("wholly right") && text.standardOutput.contains("windows of 64 tokens"))
      let page = String(decoding: try AtomicFile.read("\(project.folder)/one/compare.md"), as: UTF8.self)
      #expect(page.contains("- **corpus**: tiny, ") && page.contains("- **wholly right** is how many of "))
      let tuned = try await project("\(line) --tune --out one")
      #expect(tuned.status == 64 && tuned.standardError.contains("--tune needs a text"), "\(tuned)")
    }
  }
}
