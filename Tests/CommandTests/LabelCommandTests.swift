import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// The word of a list, from the prompt to the score.
@Suite("A score by label")
struct LabelCommandTests {
  private static let topics = ["boiling", "descaling", "keeping warm"]

  /// A teacher that says in each exchange what it was asked about, so that the texts themselves tell the label.
  private static func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    let body = String(decoding: request.body, as: UTF8.self)
    let topic = topics.first { body.contains("about \($0).") } ?? "?"
    let exchanges = (0..<12).map { "> \(topic) \(request.number) \($0)\\n< done" }.joined(separator: "\\n\\n")
    return .json(#"{"model":"m","choices":[{"message":{"content":"\#(exchanges)"},"finish_reason":"stop"}]}"#)
  }

  private func writeRecipe(_ project: TinyProject, task: String) throws {
    try project.writeRecipe(promptCount: 12, task: task)
    let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
    let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(
      recipe.replacing("teacher: thermostat", with: "teacher: foreign")
        // Numbers, and so which texts are held out, follow the order of arrival: of so many each topic has some.
        .replacing("heldOutFraction: 0.1", with: "heldOutFraction: 0.4")
        .replacing("about {topic}, the way {person} types them.", with: "about {topic}.")
        .replacing(
          "lists: {topic: words/topics.txt, person: words/people.txt}",
          with: "lists: {topic: [\(Self.topics.joined(separator: ", "))]}"), to: path)
  }

  @Test("a question has the label of the prompt that its document came from", .needsEmulator)
  func labels() async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer(Self.answer) { server in
        let project = try TinyProject(in: folder)
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: foreign
          dialect: openai-chat
          endpoint: \(server.url)/v1
          model: any
          outputsLicense: none

          """, to: "\(folder)/teachers/foreign.yaml")
        try writeRecipe(project, task: "task: {reply: after-first-line, judge: exact, label: topic}")
        let made = try await project("make tiny --quiet --until evaluate")
        #expect(made.status == 0, "\(made)")
        let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
        let score = try Score(reading: try AtomicFile.read(project.path("scores/tiny/score.json")), name: "score")
        let expected = Dictionary(
          grouping: documents.filter { $0.split == .heldOut },
          by: { document in Self.topics.first { document.text.contains($0) } ?? "?" }
        ).mapValues(\.count)
        let heldOut = try #require(score.sets.first { $0.set == .heldOut })
        #expect(expected.count == 3 && !heldOut.labels.isEmpty)
        #expect(Dictionary(uniqueKeysWithValues: heldOut.labels.map { ($0.name, $0.right.count) }) == expected)
        let shown = try await project("evaluate tiny --by-label")
        for topic in Self.topics {
          #expect(shown.standardOutput.contains("\n\(topic) "), "\(shown)")
        }
        let compared = try await project("evaluate tiny --json --model \(project.path("images/tiny.atome"))")
        #expect(compared.status == 0 && compared.standardOutput.contains("keeping warm"), "\(compared)")
      }
    }
  }

  @Test(
    "a label that is no list's is refused before anything runs",
    arguments: [
      ("judge: exact, label: topics", "did you mean 'topic'?"), ("judge: grammar, label: topic", "labels are its own"),
      ("label: topic", "lacks the key 'judge'"),
    ])
  func refusals(keys: String, said: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(task: "task: {reply: after-first-line, \(keys)}")
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 65 && outcome.standardError.contains(said), "\(outcome)")
    }
  }
}
