import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic train --patience")
struct PatienceTests {
  /// What `train --data --json` prints, of which these tests read a part.
  private struct Answer: Decodable {
    struct Point: Decodable, Equatable {
      var step: Int
      var heldOutBitsPerByte: Double
    }
    var checkpoint: ContentID
    var checkpointStep: Int
    var bitsPerByte: Double
    var history: [Point]
  }

  /// Letters by chance: training learns them by heart, and what is held out gets worse from then on.
  private static func writeText(to folder: String) throws {
    var generator = SeededGenerator(seed: 5)
    let text = (0..<1500).map { _ in ["a", "b", "c", "d", " "][generator.below(5)] }.joined()
    try AtomicFile.write(text, to: "\(folder)/text.txt")
  }

  private static let options = "--steps 3000 --batch 8 --window 32 --evaluate-every 20 --patience 3 --save-every 0.02"

  private static func arguments(out: String) -> [String] {
    "train --data text.txt --preset atome-60k --seed 3 --json --quiet --out \(out) \(options)".split(separator: " ")
      .map(String.init)
  }

  private static func answer(_ outcome: AlambicCommand.Outcome) throws -> Answer {
    try #require(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.standardOutput.utf8))
  }

  @Test("it stops after so many evaluations that are no better, and leaves the best; kills change nothing")
  func stopsEarly() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let whole = try Self.answer(await alambic.run(Self.arguments(out: "whole")))
      let best = try #require(whole.history.min { $0.heldOutBitsPerByte < $1.heldOutBitsPerByte })
      #expect(whole.checkpointStep == best.step && whole.bitsPerByte == best.heldOutBitsPerByte)
      #expect(whole.history.last?.step == best.step + 3 * 20 && best.step + 60 < 3000)
      let facts = try await alambic("inspect whole --json").json()
      #expect((facts["facts"] as? [String: Any])?["step"] as? Int == best.step, "\(facts)")

      var generator = SeededGenerator(seed: 12)
      for _ in 0..<4 {
        let pause = 0.05 + 0.2 * generator.unit()
        _ = try await alambic.run(Self.arguments(out: "killed"), .killed) {
          try await Task.sleep(for: .seconds(pause))
        }
      }
      let resumed = try Self.answer(await alambic.run(Self.arguments(out: "killed")))
      #expect(resumed.checkpoint == whole.checkpoint && resumed.history == whole.history)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!left.contains { $0.hasSuffix(".best") || $0.hasSuffix(".partial") }, "\(left)")
      // Again: nothing is left to do, or the same comes out.
      #expect(try Self.answer(await alambic.run(Self.arguments(out: "killed"))).checkpoint == whole.checkpoint)
    }
  }

  @Test("a save without its best checkpoint begins anew, to the same bytes")
  func lostBest() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let whole = try Self.answer(await alambic.run(Self.arguments(out: "whole")))
      _ = try await alambic.run(Self.arguments(out: "other"), .killed) {
        while !FileManager.default.fileExists(atPath: "\(folder)/other.best") {
          try await Task.sleep(for: .milliseconds(5))
        }
        try await Task.sleep(for: .milliseconds(60))
      }
      try? FileManager.default.removeItem(atPath: "\(folder)/other.best")
      #expect(try Self.answer(await alambic.run(Self.arguments(out: "other"))).checkpoint == whole.checkpoint)
    }
  }

  @Test("no patience at all is refused")
  func limits() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let outcome = try await AlambicCommand(in: folder)("train --data text.txt --out x --patience 0")
      #expect(outcome.status == 64 && outcome.standardError.contains("patience is 0, outside 1"), "\(outcome)")
    }
  }
}
