import Basics
import Formats
import Foundation
import Ledger
import Lineage
import SmallFiles
import Studio
import TestSupport
import Testing
import Workbench

/// A real browser, driven by the keyboard alone: `scripts/drive-studio`.
@Suite("The studio in Chromium", .needsBrowser)
struct StudioBrowserTests {
  private typealias Page = StudioFixture

  @Test("review, undo and talk by keyboard; nothing breaks the page's policy, nothing is asked of anyone else")
  func drive() async throws {
    try await Page.run { page in
      let workspace = page.workbench.workspace
      let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: workspace.image("tiny"))
      let score = Score(
        image: ContentID(of: image), engine: "C engine", judge: .exact,
        sets: [Score.SetResult(set: .heldOut, right: Proportion(rightCount: 1, count: 2))],
        wrongAnswers: [
          Score.Answer(
            set: .heldOut, request: "> warm\n", reply: "< <i>No.</i>", expected: "< Yes, it is.", reason: .different)
        ])
      try AtomicFile.write(try score.json, to: "\(workspace.score("tiny"))/\(Score.fileName)")

      let run = "\(workspace.run("tiny"))/checkpoint"
      try AtomicFile.write(try SmallFile.checkpoint.bytes(), to: run)
      let pieces = (1...9).map { "{\"bitsPerByte\":\(8.0 / Double($0)),\"curveStep\":\($0)}\n" }.joined()
      try AtomicFile.write(pieces, to: RunStatus.logPath(of: run))

      // Screenshots for a person who wants to look.
      let folder = ProcessInfo.processInfo.environment["ALAMBIC_SCREENSHOTS"]
      let address = "http://127.0.0.1:\(page.client.port)/#\(Page.token)"
      let result = try await runTool(
        "python3", ["\(PackageRoot.path)/scripts/drive-studio", address, "tiny"] + (folder.map { [$0] } ?? []),
        in: PackageRoot.path)
      #expect(result.status == 0, "\(result.messages)")
      #expect(String(decoding: result.output, as: UTF8.self) == "reviewed, undone, talked\n")

      let made = try await page.workbench.ledger.decisions(of: "tiny")
      #expect(made.map(\.ruling) == [.accept, .reject, .edit, .accept, .accept])
      #expect(made.map { $0.undoneAt == nil } == [true, true, true, false, false])
      #expect(made[1].reason == "not <b>our</b> words: j k u")
      #expect(made[2].newText == "> is it edited\n< Yes, by hand.")
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips where there is no browser, and says how to get one.
  static var needsBrowser: ConditionTrait {
    .enabled(
      if: BrowserTools.arePresent,
      "needs chromium and python3, one of which is missing: scripts/install-packages verify")
  }
}

enum BrowserTools {
  static let arePresent = isInstalled(["chromium", "chromium-browser"]) && isInstalled(["python3"])

  /// Whether one of these programs is in the path.
  private static func isInstalled(_ names: [String]) -> Bool {
    ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":").contains { folder in
      names.contains { FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)") }
    }
  }
}
