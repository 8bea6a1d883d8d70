import Basics
import Foundation
import TestSupport
import Testing

/// Streams that cannot be written: no signal, no half answer under a good status, and no file of ours in their place.
@Suite("Standard streams that fail")
struct StandardStreamTests {
  /// Runs a line of the shell with the program as `$0`.
  private func shell(_ line: String, in folder: String) async throws -> ToolResult {
    try await runTool("sh", ["-c", line, AlambicCommand.program], in: folder)
  }

  @Test(
    "an answer that cannot be written is one sentence and status 69",
    arguments: ["\"$0\" fit --board rp2040 >/dev/full", "\"$0\" fit --board rp2040 --json >&-"])
  func output(line: String) async throws {
    try await withTemporaryFolder { folder in
      let result = try await shell(line, in: folder)
      #expect(result.status == 69, "\(result.messages.prefix(400))")
      #expect(result.messages.hasPrefix("error: cannot write standard output: "))
      #expect(result.messages.split(separator: "\n").count == 1)
    }
  }

  @Test(
    "words that nobody reads do not change what is done",
    arguments: ["2>/dev/full", "2>&-", "2>&- <&-", ">&- 2>&- <&-"])
  func errors(redirection: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let made = try await shell(
        "ALAMBIC_PROJECT=\(project.folder) \"$0\" make tiny --until curate \(redirection)", in: folder)
      // `make` says nothing on standard output before the last step.
      #expect(made.status == 0, "\(made.messages.prefix(400))")
      #expect(try await project.make("--until curate").ran.isEmpty)
      #expect(try await project("ledger check").status == 0)
    }
  }

  @Test("an error keeps its status where its words cannot be written")
  func status() async throws {
    try await withTemporaryFolder { folder in
      let result = try await shell("\"$0\" classify none.atome --data x 2>/dev/full", in: folder)
      #expect(result.status == 65)
    }
  }
}
