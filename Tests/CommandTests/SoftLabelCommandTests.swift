import Basics
import Formats
import Foundation
import TestSupport
import Testing

/// Students that learn from a teacher's distribution, by a recipe and by `train`'s options.
@Suite("Soft labels, by commands")
struct SoftLabelCommandTests {
  private static func write(_ labels: String, of project: TinyProject) throws {
    try project.writeRecipe(steps: 20, task: "task: {reply: after-first-line}")
    let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
    let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(recipe.replacing("training: {", with: "training: {\(labels)"), to: path)
  }

  @Test("a recipe's labels come from its grammar, stand beside the chunks, and are made anew where they are damaged")
  func recipe() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try Self.write("", of: project)
      #expect(try await project("make tiny --until train").status == 0)
      let alone = try AtomicFile.read(project.path("runs/tiny/checkpoint"))
      try Self.write("softLabels: {from: scripted, share: 0.5}, ", of: project)
      let made = try await project("make tiny --until train")
      #expect(made.status == 0 && made.standardError.contains("the teacher knows"), "\(made)")
      let taught = try AtomicFile.read(project.path("runs/tiny/checkpoint"))
      #expect(taught != alone)
      let path = project.path("shards/tiny/soft-labels.bin")
      let labels = try SoftLabels(readingFrom: path)
      // The scripted teacher mistypes some requests; the rest it knows.
      #expect(2 * labels.labelledCount > labels.count && labels.labelledCount < labels.count)
      let inspected = try await project("inspect \(path)")
      #expect(inspected.status == 0 && inspected.standardOutput.contains("soft labels"), "\(inspected)")
      let again = try await project("make tiny --until train")
      #expect(again.status == 0 && !again.standardError.contains("the teacher knows"), "\(again)")

      try Self.write("softLabels: {from: scripted, share: 0.25}, ", of: project)
      var bytes = labels.encoded
      bytes[200] ^= 1
      try AtomicFile.write(bytes, to: path)
      #expect(try await project("make tiny --until train").status == 0)
      #expect(try SoftLabels(readingFrom: path).id == labels.id)
      #expect(try AtomicFile.read(project.path("runs/tiny/checkpoint")) != taught)
    }
  }

  @Test(
    "a section that cannot be followed is refused with its place",
    arguments: [
      ("softLabels: {share: 0.5}, ", "lacks the key 'from'"), ("softLabels: {from: scripted, share: 2}, ", "share"),
      ("softLabels: {from: scripted}, twin: 0.5, ", "one teacher"),
      ("softLabels: {from: missing.checkpoint}, ", "missing.checkpoint"),
    ])
  func refused(labels: String, said: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try Self.write(labels, of: project)
      let outcome = try await project("make tiny --until train")
      #expect(outcome.status != 0 && outcome.standardError.contains(said), "\(outcome)")
    }
  }

  @Test("a checkpoint teaches a text's student; one of other tokens does not")
  func text() async throws {
    try await withTemporaryFolder { folder in
      var generator = SeededGenerator(seed: 5)
      let words = ["the", "kitchen", "is", "warm", "set", "to", "twenty", "degrees", "and", "hall", "cold", "now"]
      let text = (0..<2000).map { _ in words[generator.below(words.count)] }.joined(separator: " ")
      try AtomicFile.write(text, to: "\(folder)/text.txt")
      let alambic = AlambicCommand(in: folder)
      func train(_ options: String) async throws -> AlambicCommand.Outcome {
        let line = "train --data text.txt --steps 20 --batch 4 --window 32 \(options)"
        return try await alambic.run(line.split(separator: " ").map(String.init))
      }
      #expect(try await train("--preset gpt-6k --out teacher").status == 0)
      #expect(try await train("--preset atome-21kb --out alone").status == 0)
      let taught = try await train("--preset atome-21kb --soft-from teacher --soft-share 0.7 --out taught")
      #expect(taught.status == 0 && taught.standardError.contains("100 % of"), "\(taught)")
      #expect(try AtomicFile.read("\(folder)/alone") != AtomicFile.read("\(folder)/taught"))
      let labels = try SoftLabels(readingFrom: "\(folder)/taught.soft-labels")
      #expect(labels.labelledCount == labels.count - 1)
      #expect(labels.teacher == ContentID(of: try AtomicFile.read("\(folder)/teacher")))
      let other = try await train("--preset atome-21kb --vocabulary learned --soft-from teacher --out other")
      #expect(other.status == 64 && other.standardError.contains("shares its student's tokens"), "\(other)")
      #expect(try await train("--soft-share 0.5 --out other").status == 64)
      #expect(try await train("--soft-from text.txt --out other").status != 0)
      #expect(try await train("--soft-from teacher --twin 0.5 --out other").status == 64)
    }
  }
}
