import Basics
import Foundation
import TestSupport
import Testing

/// The corpus of commands as a person meets it, with a student that learns for seconds.
@Suite("Commands with slots") struct CommandsCorpusTests {
  private func share(_ value: Any?) -> [Int]? {
    let proportion = value as? [String: Any]
    return [proportion?["rightCount"], proportion?["count"]].compactMap { $0 as? Int }
  }

  @Test("from the recipe to a student that is asked for intents and slots", .needsEmulator)
  func endToEnd() async throws {
    try await withTemporaryFolder { folder in
      let files = FileManager.default
      let corpus = "\(folder)/Corpora/commands"
      try files.createDirectory(atPath: "\(folder)/Corpora", withIntermediateDirectories: true)
      try files.copyItem(atPath: "\(PackageRoot.path)/Corpora/commands", toPath: corpus)
      for name in ["teachers", "firmware"] {
        try files.createSymbolicLink(
          atPath: "\(folder)/\(name)", withDestinationPath: "\(PackageRoot.path)/\(name)")
      }
      var recipe = String(decoding: try AtomicFile.read("\(corpus)/recipe.yaml"), as: UTF8.self)
      // Whatever the recipe says of these, so that another size of training does not break what is tested here.
      for (key, value) in [("count", 60), ("steps", 1200), ("batch", 16), ("questions", 20)] {
        let line = try Regex("\\n  \(key): [0-9]+\\n")
        try #require(recipe.matches(of: line).count == 1, "\(key)")
        recipe = recipe.replacing(line, with: "\n  \(key): \(value)\n")
      }
      try AtomicFile.write(recipe, to: "\(corpus)/recipe.yaml")
      let alambic = AlambicCommand(in: folder)
      let made = try await alambic.run(
        ["make", "commands", "--until", "evaluate", "--quiet"], environment: ["ALAMBIC_PROJECT": folder])
      #expect(made.status == 0, "\(made)")

      // What the scripts and the guide ask; the comments of the list would be texts.
      let offTopic = String(decoding: try AtomicFile.read("\(corpus)/words/off-topic.txt"), as: UTF8.self)
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
      try AtomicFile.write(offTopic.joined(separator: "\n") + "\n", to: "\(folder)/off-topic.txt")
      let ask = [
        "classify", ".alambic/images/commands.atome", "--data", "\(corpus)/by-hand.tsv", "--columns", "label,text",
        "--slots", "--none", "none", "--out-of-scope", "off-topic.txt",
      ]
      let answer = try await alambic.run(ask + ["--json"]).json()
      #expect(answer["schema"] as? String == "alambic.slots/1" && answer["textCount"] as? Int == 44)
      let report = try #require(answer["report"] as? [String: Any])
      let refusals = try #require(report["refusals"] as? [String: Any])
      #expect(share(report["exact"])?.last == 44 && share(refusals["refused"])?.last == 14)
      #expect(share(refusals["falseRefusals"])?.last == 30 && share(refusals["outOfScope"])?.last == offTopic.count)
      // It refuses most of what it does not know after seconds already: the task is learned, however badly.
      #expect(share(refusals["outOfScope"])?.first ?? 0 > offTopic.count / 2)
      let intents = try #require(report["intents"] as? [String: Any])
      #expect(share(intents["none"]) == share(refusals["refused"]) && share(intents["SetTimer"])?.last == 3)
      let wrong = try #require(answer["wrongAnswers"] as? [[String: String]])
      #expect(!wrong.isEmpty && wrong.count <= 20 && wrong.allSatisfy { $0["said"] != $0["expected"] })
      let page = try await alambic.run(ask).standardOutput
      for part in [
        "out of scope, refused", "in scope, refused", "the other texts, refused", "wrong answers", "MoveBlinds",
      ] {
        #expect(page.contains(part), "\(part): \(page)")
      }
    }
  }
}
