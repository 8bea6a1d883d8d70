import Basics
import Foundation
import TestSupport
import Testing

/// Trainings of a sweep that end early, alone and with rungs.
@Suite("alambic sweep with patience")
struct SweepPatienceTests {
  /// Three rates; without patience they would do all steps.
  private static let file = """
    shapes: atome-60k
    windows: 32
    batches: 8
    steps: 3000
    evaluateEvery: 20
    rates: [0.5, 1, 2]
    patience: 3
    """
  /// Rungs after 1180 and 2950 steps, when all have ended: (10,080 - 3,000) / 2 steps a round, by 3 and 2 trainings.
  private static let late = "\(file)\nrungs: {eta: 2, budget: 10_080}"
  /// Rungs after 40 and 100 steps.
  private static let early = "\(file)\nrungs: {eta: 2, budget: 3_240}"

  /// Letters by chance: training learns them by heart, and what is held out gets worse from then on.
  private static func sweep(in folder: String, _ more: String) throws -> SweepFolder {
    let sweep = try SweepFolder(in: folder, more)
    var generator = SeededGenerator(seed: 5)
    let text = (0..<1500).map { _ in ["a", "b", "c", "d", " "][generator.below(5)] }.joined()
    try AtomicFile.write(text, to: "\(folder)/text.txt")
    return sweep
  }

  private struct Rungs: Decodable {
    struct Rung: Decodable {
      var step: Int
      var bitsPerByte: Double
    }
    var rungs: [Rung]
  }

  private struct Result: Decodable {
    var step: Int?
    var trainedBitsPerByte: Double
  }

  private func read<Value: Decodable>(_ name: String, of id: ContentID, _ sweep: SweepFolder) throws -> Value {
    let path = "\(sweep.workspace)/sweeps/sizes/trainings/\(id.hex.prefix(16))/\(name)"
    return try JSONDecoder().decode(Value.self, from: Data(try AtomicFile.read(path)))
  }

  @Test("a training ends as `train --patience` does, and its best counts; rungs compare by the best")
  func best() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try Self.sweep(in: folder, Self.file.replacing("patience: 3", with: "patience: [1, 3]"))
      #expect(try await sweep("sweep sizes.yaml --quiet").status == 0)
      let table = try sweep.table()
      #expect(table.rows.map(\.patience) == [1, 3, 1, 3, 1, 3])
      #expect(table.trainings.allSatisfy { $0.state == "finished" && ($0.step ?? 3000) % 20 == 0 })
      let alone = try await sweep(
        "train --data text.txt --preset atome-60k --window 32 --batch 8 --steps 3000 --evaluate-every 20 "
          + "--patience 3 --out a.checkpoint --json"
      ).json()
      let found = table.rows[3].trainings[0]
      #expect(found.step == alone["checkpointStep"] as? Int && (found.step ?? 3000) + 60 < 3000)
      #expect(found.checkpoint?.description == alone["checkpoint"] as? String)
      let markdown = try AtomicFile.read("\(sweep.workspace)/sweeps/sizes/sweep.md")
      #expect(String(decoding: markdown, as: UTF8.self).contains("| student | rate | patience |"))

      // The same trainings, among which rungs choose after all have ended.
      let patient = [1, 3, 5].map { table.rows[$0].trainings[0].id }
      let worths: [Double] = try patient.map { try (read("result.json", of: $0, sweep) as Result).trainedBitsPerByte }
      let rungs = try Self.sweep(in: "\(folder)/rungs", Self.late)
      #expect(try await rungs("sweep sizes.yaml --quiet").status == 0)
      let chosen = try rungs.table()
      #expect(chosen.trainings.map(\.id) == patient)
      for (id, worth) in zip(patient, worths) {
        let first = try #require(try (read("rungs.json", of: id, rungs) as Rungs).rungs.first)
        #expect(first.step == 1180 && abs(first.bitsPerByte - worth) < 1e-9)
      }
      let least = worths.indices.min { worths[$0] < worths[$1] }
      #expect(chosen.trainings.firstIndex { $0.state == "finished" } == least)
      #expect(chosen.trainings.count { $0.state == "stopped" } == 2)
    }
  }

  @Test("killed at random moments, alone or in a part, it leaves the same bytes", arguments: [early, late])
  func kills(file: String) async throws {
    try await withTemporaryFolder { folder in
      let whole = try Self.sweep(in: "\(folder)/whole", file)
      #expect(try await whole("sweep sizes.yaml --quiet").status == 0)
      let expected = try whole.content()
      var generator = SeededGenerator(seed: 3)
      for command in ["sweep sizes.yaml --save-every 0.02", "sweep sizes.yaml --save-every 0.02 --part 1/1"] {
        let name = command.hasSuffix("1/1") ? "part" : "alone"
        let sweep = try Self.sweep(in: "\(folder)/\(name)", file)
        let words = "\(command) --quiet".split(separator: " ").map(String.init)
        var killCount = 0
        for _ in 0..<KillCount.value(usually: 4) {
          let outcome = try await sweep.alambic.run(words, .killed) {
            try await Task.sleep(for: .seconds(0.1 + 0.4 * generator.unit()))
          }
          if outcome.status == 128 + SIGKILL { killCount += 1 }
        }
        #expect(killCount >= 1)
        #expect(try await sweep(words.joined(separator: " ")).status == 0)
        if name == "part" { #expect(try await sweep("merge sizes.yaml --quiet").status == 0) }
        #expect(try sweep.content() == expected, "\(name)")
        // What goes on with a larger budget needs the best of what rungs stopped, merged or not.
        for training in try sweep.table().trainings where training.state == "stopped" {
          let path = "\(sweep.workspace)/sweeps/sizes/trainings/\(training.id.hex.prefix(16))/model.checkpoint"
          for suffix in [".partial", ".best"] { #expect(FileManager.default.fileExists(atPath: path + suffix)) }
        }
      }
    }
  }
}
