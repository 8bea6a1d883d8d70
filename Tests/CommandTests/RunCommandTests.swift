import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic run")
struct RunCommandTests {
  private static func writeText(to folder: String) throws {
    let text = String(repeating: "the kitchen is warm and the hall is cold. ", count: 400)
    try AtomicFile.write(text, to: "\(folder)/text.txt")
  }

  private static func training(_ steps: Int, out: String) -> [String] {
    "train --data text.txt --preset atome-60k --batch 4 --window 32 --steps \(steps) --save-every 0.05 --out \(out)"
      .split(separator: " ").map(String.init)
  }

  @Test("a finished run leaves a picture of its curve, the same for equal runs")
  func curve() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      for out in ["a", "b"] {
        let outcome = try await alambic.run(Self.training(40, out: out))
        #expect(outcome.status == 0, "\(outcome)")
      }
      let picture = try AtomicFile.read("\(folder)/a.curve.svg")
      #expect(picture == (try AtomicFile.read("\(folder)/b.curve.svg")))
      let text = String(decoding: picture, as: UTF8.self)
      #expect(text.contains("atome-60k, recipe default, seed 0") && text.contains("polyline"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/a.lock"))
    }
  }

  @Test("a killed run is listed as partial, a finished one with its bits per byte")
  func list() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      #expect(try await alambic("run list") == .init(status: 0, standardOutput: "no runs in .alambic\n"))
      _ = try await alambic.run(Self.training(20, out: "done"))
      _ = try await alambic.run(Self.training(1_000_000, out: "cut"), .killed) {
        try await waitUntil { FileManager.default.fileExists(atPath: "\(folder)/cut.partial") }
      }
      let answer = try await alambic("run list --path . --json").json()
      let runs = try #require(answer["runs"] as? [[String: Any]])
      #expect(runs.compactMap { $0["name"] as? String } == ["cut", "done"])
      #expect(runs.compactMap { $0["state"] as? String } == ["partial", "finished"])
      #expect(runs.compactMap { $0["stepCount"] as? Int } == [1_000_000, 20])
      #expect(runs.compactMap { $0["model"] as? String } == ["atome-60k", "atome-60k"])
      #expect(runs[1]["step"] as? Int == 20 && runs[1]["bitsPerByte"] as? Double != nil)
      let lines = try await alambic("run list --path .").standardOutput.split(separator: "\n")
      #expect(lines.count == 3 && lines[2].contains("20 of 20") && lines[2].contains("finished"))
      let watched = try await alambic("run watch done")
      #expect(watched.status == 0 && watched.standardOutput.hasPrefix("done  finished · 20 of 20 steps · "))
      let stopped = try await alambic("run watch cut")
      #expect(stopped.status == 75 && stopped.standardError.hasPrefix("error: cut was stopped: "))
    }
  }

  @Test("a run is followed from another process until it ends; nobody else may train into its output")
  func watch() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let watched = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          _ = try await alambic.run(Self.training(1_000_000, out: "long"), .interrupted) {
            try await waitUntil { FileManager.default.fileExists(atPath: "\(folder)/seen") }
          }
        }
        try await waitUntil { FileManager.default.fileExists(atPath: "\(folder)/long.partial") }
        let second = try await alambic.run(Self.training(5, out: "long"))
        #expect(second.status == 69, "\(second)")
        #expect(second.standardError.contains("error: another process is training into long\n"))
        let listed = try await alambic("run list --path . --json").json()
        #expect((listed["runs"] as? [[String: Any]])?.first?["state"] as? String == "running")
        async let watching = alambic("run watch long.progress.jsonl")
        try await Task.sleep(for: .milliseconds(600))
        try AtomicFile.write("", to: "\(folder)/seen")
        return try await watching
      }
      #expect(watched.status == 75, "\(watched)")
      #expect(watched.standardOutput.hasPrefix("long  "), "\(watched)")
      #expect(watched.standardOutput.contains(" of 1,000,000 steps · "))
      #expect(watched.standardError.hasPrefix("error: long was stopped: "))
    }
  }

  @Test("what is not there is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      expect(
        try await alambic("run watch"),
        is: .refusal(
          64, "no run of this workspace is running", hint: "name a checkpoint's path to follow one elsewhere"))
      expect(
        try await alambic("run watch none"),
        is: .refusal(
          65, "there is no run named 'none', and no checkpoint, whole or partial, at that path",
          hint: "`alambic run list` names the runs of this workspace"))
      expect(
        try await alambic("run list --path none"),
        is: .refusal(65, "cannot read the folder none", hint: "name a folder of checkpoints"))
    }
  }
}
