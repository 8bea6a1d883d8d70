import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// Corpora that are made from a file of one's own.
@Suite("alambic, on a corpus with passages")
struct GroundedCorpusTests {
  private static let manual = """
    # Kettle

    It boils in a minute.

    ## Descaling

    Use vinegar, once a month.
    """

  private func withProject(_ body: (TinyProject) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let path = "\(folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(
        recipe.replacing(
          "lists: {topic: words/topics.txt,", with: "lists: {topic: {passages: manual.md, bytes: 60},"), to: path)
      try AtomicFile.write(Self.manual, to: "\(folder)/Corpora/tiny/manual.md")
      try await body(project)
    }
  }

  private struct Trace: Decodable {
    struct Station: Decodable {
      var kind: String
      var depth: Int
      var text: String
    }
    var stations: [Station]
  }

  private func trace(_ id: ContentID, in project: TinyProject) async throws -> [Trace.Station] {
    let outcome = try await project("why \(id) --json")
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Trace.self, from: Data(outcome.standardOutput.utf8)).stations
  }

  @Test("`why` goes from a document to the lines of the file that its prompt held")
  func why() async throws {
    try await withProject { project in
      let made = try await project("make tiny --quiet --until curate")
      #expect(made.status == 0, "\(made)")
      let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      let document = try #require(documents.first)
      let stations = try await trace(document.id, in: project)
      #expect(stations.map(\.kind) == ["document", "sample", "request", "prompt", "topic"])
      let (prompt, passage) = (stations[3], stations[4])
      #expect(passage.depth == prompt.depth + 1)
      let known = [
        "Corpora/tiny/manual.md:1-3: # Kettle\n\nIt boils in a minute.",
        "Corpora/tiny/manual.md:5-7: ## Descaling\n\nUse vinegar, once a month.",
      ]
      #expect(known.contains(passage.text), "\(passage)")
      let text = try #require(passage.text.split(separator: ": ", maxSplits: 1).last)
      #expect(prompt.text.contains(text), "\(prompt)")
      // From the sample alone, which knows no corpus.
      #expect(try await trace(document.sampleID, in: project).last?.text == passage.text)

      // A file that says something else now is not where the prompt came from.
      try AtomicFile.write("Nothing of it.", to: "\(project.folder)/Corpora/tiny/manual.md")
      #expect(try await trace(document.id, in: project).map(\.kind) == ["document", "sample", "request", "prompt"])
      try FileManager.default.removeItem(atPath: "\(project.folder)/Corpora/tiny/manual.md")
      #expect(try await trace(document.id, in: project).map(\.kind) == ["document", "sample", "request", "prompt"])
    }
  }

  @Test("a file that cannot be cut is an error before anything is asked")
  func damage() async throws {
    try await withProject { project in
      let path = "\(project.folder)/Corpora/tiny/manual.md"
      try AtomicFile.write([0x4F, 0x6B, 0x0A, 0xFF], to: path)
      expect(
        try await project("ask tiny"),
        is: .refusal(65, "\(path), line 2, is not valid UTF-8", hint: "save it as UTF-8 text"))
    }
  }

  @Test("the prompts of a corpus from before are what they were: what was paid for is found again")
  func identities() async throws {
    try await withTemporaryFolder { folder in
      let asked = try await AlambicCommand(in: folder)("ask thermostat --quiet")
      #expect(asked.status == 0, "\(asked)")
      let receipts = try await AlambicCommand(in: folder)("ledger export")
      // Of 500 prompts, by the version that had plain lists alone.
      #expect(
        receipts.standardOutput.contains(
          #""prompts" : "sha256:2df28eb4bed300a02a39c0367ddc21a502f4bcc51d644ca1e5c7381e2c451dd1""#))
    }
  }
}
