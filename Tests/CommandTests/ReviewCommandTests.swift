import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic corpus review")
struct ReviewCommandTests {
  private func documents(_ project: TinyProject) throws -> [Document] {
    try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
  }

  private func rejections(_ project: TinyProject) throws -> [Rejection] {
    try RecordFile.read(Rejection.self, project.path("documents/tiny/rejections.jsonl.zst"))
  }

  /// Reviews with these lines as standard input.
  private func review(_ project: TinyProject, _ options: String = "", _ lines: String...) async throws
    -> AlambicCommand.Outcome
  {
    try await project.alambic.run(
      ["corpus", "review", "tiny"] + options.split(separator: " ").map(String.init),
      environment: ["ALAMBIC_PROJECT": project.folder], input: lines.map { $0 + "\n" }.joined())
  }

  private func decisions(_ project: TinyProject) async throws -> [[String: Any]] {
    let answer = try await review(project, "--json").json()
    #expect(answer["schema"] as? String == "alambic.decisions/1")
    return try #require(answer["decisions"] as? [[String: Any]])
  }

  @Test("decisions survive curation, run it again once, and leave no trace when they are undone")
  func recuration() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let before = try await project.make("--until shard")
      let kept = try documents(project)

      let reviewed = try await review(
        project, "--only kept --limit 4", "r it is rude", "e \"> is it odd\\n< Yes, it is odd.\"", "s", "a")
      #expect(reviewed.status == 0, "\(reviewed)")
      #expect(reviewed.standardOutput.isEmpty && reviewed.standardError.hasPrefix("3 decided now, 3 in all"))
      #expect(reviewed.standardError.contains("alambic make tiny --until curate"))
      let made = try await decisions(project)
      #expect(made.compactMap { $0["ruling"] as? String } == ["reject", "edit", "accept"])
      let rejected = try #require((made[0]["textID"] as? String).flatMap { ContentID($0) })
      let edited = try #require((made[1]["textID"] as? String).flatMap { ContentID($0) })

      #expect(try await project.make("--until shard").ran == ["curate", "shard"])
      #expect(try await project.make("--until shard").ran == [])
      let after = try documents(project)
      #expect(after.count == kept.count - 1 && !after.contains { $0.id == rejected || $0.id == edited })
      let original = try #require(kept.first { $0.id == edited })
      let replaced = try #require(after.first { $0.text == "> is it odd\n< Yes, it is odd." })
      #expect(replaced.sampleID == original.sampleID && replaced.split == original.split)
      let refusal = try #require(try rejections(project).first { $0.reason == .reviewed })
      #expect(ContentID(of: refusal.text) == rejected && refusal.detail == "it is rude")

      // More answers come in: what was decided stays decided.
      try project.writeRecipe(promptCount: 30)
      #expect(try await project.make("--until curate").ran == ["ask", "curate"])
      let grown = try documents(project)
      #expect(grown.count > after.count && !grown.contains { $0.id == rejected || $0.id == edited })
      try project.writeRecipe()

      let undone = try await review(project, "--limit 1", "u", "u", "u", "u", "q")
      #expect(undone.status == 0 && undone.standardError.contains("0 in all"), "\(undone)")
      #expect(try await decisions(project).allSatisfy { $0["undoneAt"] is String })
      let again = try await project.make("--until shard")
      #expect(again.ran == ["curate"] || again.ran == [] || again.ran == ["curate", "shard"])
      #expect(try again.output(of: "curate").id == before.output(of: "curate").id)
      #expect(try documents(project) == kept)
    }
  }

  @Test("filters show what they say, in an order that the seed decides")
  func filters() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      let texts = try documents(project).map(\.text)
      let matching = texts.filter { $0.contains("?") }.count
      func count(_ options: String) async throws -> Int {
        let lines = String(repeating: "a\n", count: 2000)
        let outcome = try await project.alambic.run(
          ["corpus", "review", "tiny", "--limit", "2000"] + options.split(separator: " ").map(String.init),
          environment: ["ALAMBIC_PROJECT": folder], input: lines)
        #expect(outcome.status == 0, "\(outcome)")
        return outcome.standardError.split(separator: " ").first.flatMap { Int($0) } ?? 0
      }
      #expect(try await count("--only kept --matching \\?") == matching)
      let heldOut = try documents(project).count { $0.split == .heldOut }
      #expect(try await count("--split held-out") == heldOut)
      let duplicates = try rejections(project).count { $0.reason == .duplicate }
      #expect(try await count("--reason duplicate") == duplicates)
    }
  }

  @Test("what decides nothing is refused, and what came before it stands")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let early = try await review(project)
      #expect(early.status == 64 && early.standardError.contains("tiny has no documents so far"), "\(early)")
      #expect(early.standardError.contains("alambic make tiny --until curate"))
      _ = try await project.make("--until curate")
      for line in ["x", "accept", "ae", "e", "rude", "s now"] {
        let outcome = try await review(project, "", "a", line)
        #expect(outcome.status == 64 && outcome.standardError.contains("'\(line)' decides nothing"), "\(outcome)")
      }
      #expect(try await decisions(project).count == 6)
      let empty = try await review(project, "", "e \" \"")
      #expect(empty.status == 64 && empty.standardError.contains("the new text is empty"), "\(empty)")
      let pattern = try await review(project, "--matching (")
      #expect(pattern.status == 64 && pattern.standardError.contains("'(' is not a regular expression"), "\(pattern)")
      #expect(try await review(project, "--limit 0").status == 64)
      #expect(try await review(project, "--reason nothing").status == 64)
      #expect(try await decisions(project).count == 6)
    }
  }

  @Test("at a terminal single keys decide, the editor edits, and the terminal is left as it was")
  func terminal() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      try AtomicFile.write("#!/bin/sh\nprintf '> so\\n< Better so.\\n' >\"$2\"\n", to: "\(folder)/editor")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/editor")
      let terminal = try PseudoTerminal()
      let mode = terminal.mode
      let status = try await project.alambic.run(
        ["corpus", "review", "tiny", "--only", "kept", "--limit", "9"], at: terminal,
        environment: [
          "ALAMBIC_PROJECT": folder, "TERM": "xterm", "NO_COLOR": "1", "VISUAL": "\(folder)/editor -w",
        ]
      ) { _ in
        try await terminal.wait(for: "1/9")
        terminal.type("a")
        try await terminal.wait(for: "2/9")
        terminal.type("r")
        try await terminal.wait(for: "why not? ")
        terminal.type("too vagu\u{7F}ue\r")
        try await terminal.wait(for: "3/9")
        terminal.type("e")
        try await terminal.wait(for: "4/9")
        terminal.type("u")
        try await terminal.wait(for: "undone: edit")
        try await terminal.wait(for: "3/9")
        terminal.type("e")
        try await terminal.wait(for: "4/9")
        terminal.type("q")
      }
      #expect(status == 0 && terminal.mode == mode)
      let made = try await decisions(project)
      #expect(made.compactMap { $0["ruling"] as? String } == ["accept", "reject", "edit", "edit"])
      #expect(made[1]["reason"] as? String == "too vague")
      #expect(made[3]["newText"] as? String == "> so\n< Better so." && made[2]["undoneAt"] is String)
    }
  }
}
