import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

private let stages = ["ask", "curate", "shard", "train", "export", "verify", "ship"]

@Suite("alambic make")
struct MakeCommandTests {
  @Test("the whole way gives the same bundle in two places, and other programs can read it", .needsEmulator)
  func bundle() async throws {
    try await withTemporaryFolder { first in
      try await withTemporaryFolder { second in
        let project = try TinyProject(in: first)
        let made = try await project.make()
        #expect(made.steps.map(\.stage) == stages && made.ran == stages)
        let other = try await TinyProject(in: second).make("--threads 1")
        #expect(other.steps.map { $0.outputs.map(\.id) } == made.steps.map { $0.outputs.map(\.id) })
        let path = try #require(try made.output(of: "ship").path)
        #expect(try AtomicFile.read(project.path(path)) == AtomicFile.read("\(second)/.alambic/\(path)"))
        try await expectReadable(bundle: project.path(path), id: made.output(of: "ship").id, in: first)

        let again = try await project.make()
        #expect(again.upToDate == stages)
        #expect(again.steps.map { $0.outputs.map(\.id) } == made.steps.map { $0.outputs.map(\.id) })
      }
    }
  }

  /// The system's own tools list the archive, and find every file as its checksum says.
  private func expectReadable(bundle: String, id: ContentID, in folder: String) async throws {
    let checksum = try await runTool("sha256sum", [bundle], in: folder)
    #expect(String(decoding: checksum.output, as: UTF8.self).hasPrefix(id.hex))
    let listing = String(decoding: try await runTool("tar", ["tf", bundle], in: folder).output, as: UTF8.self)
    let names = listing.split(separator: "\n").map(String.init)
    let root = try #require(names.first?.split(separator: "/").first.map(String.init))
    for name in ["model.atome", "report.json", "recipe/recipe.yaml", "DATASHEET.md", "receipts.json", "SHA256SUMS"] {
      #expect(names.contains("\(root)/\(name)"), "\(name)")
    }
    #expect(try await runTool("tar", ["xf", bundle], in: folder).status == 0)
    let check = try await runTool("sha256sum", ["--check", "--strict", "SHA256SUMS"], in: "\(folder)/\(root)")
    #expect(check.status == 0, "\(check.messages)")
  }

  @Test("plain zstd reads the shards, and every document is in them")
  func zstd() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let made = try await project.make("--until shard")
      let shards = made.steps.last?.outputs.compactMap(\.path).filter { $0.hasSuffix(".zst") } ?? []
      #expect(shards.count == 2)
      var texts: Set<String> = []
      for shard in shards {
        let content = try await runTool("zstd", ["-dc", project.path(shard)], in: folder)
        #expect(content.status == 0, "\(content.messages)")
        for text in content.output.split(separator: 0) { texts.insert(String(decoding: text, as: UTF8.self)) }
      }
      let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      #expect(documents.count > 100 && texts == Set(documents.map(\.text)))
    }
  }

  @Test("a damaged file is made again, and nothing else", arguments: ["curate", "shard"])
  func damage(stage: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let made = try await project.make("--until train")
      let path = project.path(try #require(try made.output(of: stage).path))
      let whole = try AtomicFile.read(path)
      var damaged = whole
      damaged[whole.count / 2] ^= 1
      try AtomicFile.write(damaged, to: path)
      #expect(try await project.make("--until train").ran == [stage])
      #expect(try AtomicFile.read(path) == whole)
    }
  }

  @Test("a recipe with more prompts asks only those that are new")
  func growth() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let first = try await project.make("--until curate")
      #expect(first.figure("askedCount", of: "ask") == 24 && first.figure("sampleCount", of: "ask") == 24)
      try project.writeRecipe(promptCount: 30)
      let second = try await project.make("--until curate")
      #expect(second.figure("askedCount", of: "ask") == 6 && second.figure("sampleCount", of: "ask") == 30)
      try project.writeRecipe(promptCount: 24)
      let third = try await project.make("--until curate")
      #expect(third.upToDate == ["ask"])
      #expect(try third.output(of: "curate").id == first.output(of: "curate").id)
    }
  }

  @Test("back at an earlier recipe, the bundle is what it was, whatever was made since", .needsEmulator)
  func earlierRecipe() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let first = try await project.make().output(of: "ship")
      try project.writeRecipe(promptCount: 30, steps: 50)
      #expect(try await project.make("--until train").ran == ["ask", "curate", "shard", "train"])
      try FileManager.default.removeItem(atPath: project.path(try #require(first.path)))
      try project.writeRecipe()
      let again = try await project.make()
      #expect(again.upToDate == ["ask", "export", "verify"])
      #expect(try again.output(of: "ship").id == first.id)
    }
  }

  @Test("--dry-run says what would run, and data goes to standard output alone")
  func plan() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let made = try await project("make tiny --until curate --quiet")
      #expect(made == AlambicCommand.Outcome(status: 0))
      let answer = try await project("make tiny --until shard --dry-run --json").json()
      #expect(answer["schema"] as? String == "alambic.plan/1")
      let steps = try #require(answer["steps"] as? [[String: Any]])
      #expect(steps.compactMap { $0["stage"] as? String } == ["ask", "curate", "shard"])
      #expect(steps.compactMap { $0["isUpToDate"] as? Bool } == [true, true, false])
      #expect(!FileManager.default.fileExists(atPath: project.path("shards")))
    }
  }

  @Test("killed at random moments in any step, it ends with the files of a run that was left alone")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      var generator = SeededGenerator(seed: 9)
      var statuses: [Int32] = []
      for _ in 0..<10 {
        let outcome = try await project.make("--until export", .killed) {
          try await Task.sleep(for: .seconds(0.02 + 0.2 * generator.unit()))
        }
        statuses.append(outcome.status)
      }
      #expect(statuses.contains(128 + SIGKILL) && statuses.allSatisfy { $0 == 0 || $0 == 128 + SIGKILL }, "\(statuses)")
      let resumed = try await project.make("--until export")
      let uninterrupted = try await withTemporaryFolder { other in
        try await TinyProject(in: other).make("--until export")
      }
      #expect(resumed.steps.map { $0.outputs.map(\.id) } == uninterrupted.steps.map { $0.outputs.map(\.id) })
    }
  }

  @Test("interrupted while it trains, it stops in order, and the same command goes on to the same bytes")
  func interruption() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(steps: 600)
      _ = try await project.make("--until shard")
      let log = project.path("runs/tiny/checkpoint.progress.jsonl")
      let outcome = try await project.make("--until train", .interrupted) {
        // Before training begins there is nothing to wait for and to save.
        for _ in 0..<2000 where !FileManager.default.fileExists(atPath: log) {
          try await Task.sleep(for: .milliseconds(5))
        }
      }
      #expect(outcome.status == 75 && outcome.standardOutput.isEmpty, "\(outcome)")
      #expect(outcome.standardError.contains("error: stopped: "), "\(outcome)")
      #expect(outcome.standardError.hasSuffix("hint: run the same command again to go on\n"), "\(outcome)")
      #expect(FileManager.default.fileExists(atPath: project.path("runs/tiny/checkpoint.partial")))
      let resumed = try await project.make("--until train")
      let uninterrupted = try await withTemporaryFolder { other in
        let project = try TinyProject(in: other)
        try project.writeRecipe(steps: 600)
        return try await project.make("--until train")
      }
      #expect(try resumed.output(of: "train").id == uninterrupted.output(of: "train").id)
    }
  }
}
