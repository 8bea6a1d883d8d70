import Basics
import Foundation
import TestSupport
import Testing

/// What `compare --json` prints, of which these tests read a part.
private struct Report: Decodable, Equatable {
  struct Row: Decodable, Equatable {
    struct Difference: Decodable, Equatable {
      struct Interval: Decodable, Equatable {
        var lower: Double
        var upper: Double
      }
      struct Shortage: Decodable, Equatable {
        var unit: String
        var count: Int
        var minimum: Int
      }
      var mean: Double
      var interval: Interval?
      var shortage: Shortage?
    }
    var name: String
    var flashByteCount: Int
    var ramByteCount: Int
    var instructionCount: Int?
    var stepCount: Int
    var learningRate: Double
    var bitsPerByte: [Double]
    var difference: Difference?
  }
  struct Section: Decodable, Equatable {
    var title: String
    var rows: [Row]
  }
  struct Outcome: Decodable, Equatable {
    struct Trial: Decodable, Equatable { var bitsPerByte: Double }
    var trials: [Trial]
  }
  struct Vocabulary: Decodable, Equatable { var stringCount: Int }
  var schema: String
  var bytesPerToken: Double
  var vocabulary: Vocabulary?
  var trainWindowCount: Int
  var testWindowCount: Int
  var tuning: [Outcome]
  var sections: [Section]

  init(_ outcome: AlambicCommand.Outcome) throws {
    #expect(outcome.status == 0, "\(outcome)")
    self = try JSONDecoder().decode(Report.self, from: Data(outcome.standardOutput.utf8))
    #expect(schema == "alambic.compare/2")
  }
}

@Suite("alambic compare")
struct CompareCommandTests {
  /// 960 windows of 32 bytes.
  private static func writeText(to folder: String) throws {
    var generator = SeededGenerator(seed: 5)
    let words = ["the", "kitchen", "is", "warm", "set", "to", "twenty", "degrees", "and", "hall", "cold", "now"]
    let text = (0..<8000).map { _ in words[generator.below(words.count)] }.joined(separator: " ")
    try AtomicFile.write(Array(text.utf8.prefix(30720)), to: "\(folder)/text.txt")
  }

  private static func arguments(_ options: String, out: String = "out") -> [String] {
    "compare --data text.txt --steps 12 --batch 4 --window 32 --seeds 2 --json --quiet --out \(out) \(options)"
      .split(separator: " ").map(String.init)
  }

  @Test("the 60 K table: equal parameters and equal flash, every difference, and three files")
  func table() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let report = try Report(try await AlambicCommand(in: folder).run(Self.arguments("")))
      #expect(report.trainWindowCount == 768 && report.testWindowCount == 96 && report.tuning.isEmpty)
      #expect(report.sections.map(\.title) == ["Equal parameters", "Equal flash"])
      #expect(
        report.sections[0].rows.map(\.name) == [
          "atome-60k ternary", "gpt-60k float32", "gpt-60k int8", "gpt-60k 4bit",
        ])
      #expect(
        report.sections[1].rows.map(\.name) == [
          "atome-60k ternary", "gpt int8", "gpt 4bit",
        ])
      let flash = report.sections[1].rows.map(\.flashByteCount)
      #expect(flash[1...].allSatisfy { $0 <= flash[0] && 50 * (flash[0] - $0) <= flash[0] }, "\(flash)")
      #expect(report.sections[1].rows.allSatisfy { $0.instructionCount != nil })
      for section in report.sections {
        #expect(section.rows[0].difference == nil && section.rows[0].instructionCount != nil)
        for row in section.rows {
          #expect(row.bitsPerByte.count == 2 && row.bitsPerByte.allSatisfy { (1..<9).contains($0) }, "\(row)")
          #expect(row.flashByteCount > 0 && row.ramByteCount > 0)
        }
        let first = section.rows[0].bitsPerByte.reduce(0, +) / 2
        for row in section.rows.dropFirst() {
          // The mean difference is the difference of means: windows are equally long.
          let difference = try #require(row.difference)
          #expect(abs(difference.mean - (row.bitsPerByte.reduce(0, +) / 2 - first)) < 1e-9)
          #expect(difference.interval == nil && difference.shortage == .init(unit: "seeds", count: 2, minimum: 3))
        }
      }
      let page = String(decoding: try AtomicFile.read("\(folder)/out/compare.md"), as: UTF8.self)
      #expect(page.hasPrefix("# Students and baselines\n") && page.contains("| gpt 4bit | "))
      #expect(page.contains(", too few seeds: 2 of 3 |"))
      let picture = String(decoding: try AtomicFile.read("\(folder)/out/compare.svg"), as: UTF8.self)
      #expect(picture.contains("Equal flash: gpt int8"))
    }
  }

  @Test("an interval needs 3 seeds and 30 windows; of fewer nothing is claimed", arguments: [30, 29])
  func shortage(windows: Int) async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let text = try AtomicFile.read("\(folder)/text.txt")
      try AtomicFile.write(text.prefix(windows * 320), to: "\(folder)/text.txt")
      let line =
        "compare --data text.txt --steps 4 --batch 2 --window 32 --seeds 3 --contestant gpt-6k --contestant gpt-6k:int8"
        + " --quiet --out out"
      let outcome = try await AlambicCommand(in: folder)("\(line) --json")
      let report = try Report(outcome)
      #expect(report.testWindowCount == windows)
      let difference = try #require(report.sections[0].rows[1].difference)
      let said = try await AlambicCommand(in: folder)(line).standardOutput
      if windows == 30 {
        let interval = try #require(difference.interval)
        #expect(interval.lower <= difference.mean && difference.mean <= interval.upper)
        #expect(difference.shortage == nil && said.contains("95 % interval "), "\(said)")
      } else {
        #expect(difference.interval == nil && outcome.standardOutput.contains(#""interval" : null"#))
        #expect(difference.shortage == .init(unit: "windows", count: 29, minimum: 30))
        #expect(said.contains("gpt-6k int8 against gpt-6k float32: nothing to say ("), "\(said)")
        #expect(said.contains(", no interval, too few windows: 29 of 30)") && !said.contains("95 %"), "\(said)")
      }
    }
  }

  @Test("everyone speaks one vocabulary: bits are of bytes of text, flash holds it, a step's instructions are shared")
  func vocabulary() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--contestant atome-60k --contestant gpt-6k --contestant gpt-6k:int8"
      let bytes = try Report(try await alambic.run(Self.arguments(options)))
      let tokens = try Report(try await alambic.run(Self.arguments("\(options) --vocabulary learned")))
      #expect(bytes.vocabulary == nil && bytes.bytesPerToken == 1)
      #expect((tokens.vocabulary?.stringCount ?? 0) > 8 && tokens.bytesPerToken > 1.5)
      #expect(tokens.testWindowCount < bytes.testWindowCount && tokens.trainWindowCount < bytes.trainWindowCount)
      let (plain, rows) = (bytes.sections[0].rows, tokens.sections[0].rows)
      let section = Set(zip(rows, plain).map { $0.flashByteCount - $1.flashByteCount })
      #expect(section.count == 1 && section.allSatisfy { (52...1024).contains($0) }, "\(section)")
      #expect(rows.map(\.ramByteCount) == plain.map(\.ramByteCount))
      let shared = Double(try #require(plain[0].instructionCount)) / tokens.bytesPerToken
      #expect(abs(Double(try #require(rows[0].instructionCount)) - shared) <= 1)
      let first = rows[0].bitsPerByte.reduce(0, +) / 2
      for row in rows.dropFirst() {
        // Windows of tokens differ in bytes, and still the mean difference is the difference of means.
        let difference = try #require(row.difference)
        #expect(abs(difference.mean - (row.bitsPerByte.reduce(0, +) / 2 - first)) < 1e-9)
      }
      // Two shapes of two seeds, by each of two vocabularies: nothing of the other's is taken.
      let runs = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out/runs")
      #expect(runs.filter { $0.hasSuffix(".json") }.count == 8, "\(runs)")
      let page = String(decoding: try AtomicFile.read("\(folder)/out/compare.md"), as: UTF8.self)
      #expect(page.contains("--data text.txt --vocabulary learned --contestant atome-60k"), "\(page.prefix(300))")
      #expect(page.contains(" windows of 32 tokens to train on") && page.contains("a vocabulary of "))
    }
  }

  @Test("threads do not matter, and neither do kills: finished trainings are kept")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--preset-set 21kb --published"
      let whole = try Report(try await alambic.run(Self.arguments("\(options) --threads 1")))
      for milliseconds in [60, 120, 200] {
        _ = try await alambic.run(Self.arguments(options, out: "killed"), .killed) {
          try await Task.sleep(for: .milliseconds(milliseconds))
        }
      }
      #expect(try Report(try await alambic.run(Self.arguments(options, out: "killed"))) == whole)
      let runs = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/killed/runs")
      // Eight students of two seeds: six in the set's tables, two by the published recipe; nothing is trained twice.
      #expect(runs.filter { $0.hasSuffix(".json") }.count == 16, "\(runs)")
      let rows = whole.sections[1].rows
      #expect(rows.map(\.name).contains("gpt-tied 4bit"))
      for row in rows where row.name.hasPrefix("gpt") {
        #expect(row.flashByteCount <= rows[0].flashByteCount)
        #expect(50 * (rows[0].flashByteCount - row.flashByteCount) <= rows[0].flashByteCount, "\(row)")
      }
      // A damaged one is trained again.
      try AtomicFile.write("{", to: "\(folder)/killed/runs/\(runs[0])")
      #expect(try Report(try await alambic.run(Self.arguments(options, out: "killed"))) == whole)
    }
  }

  @Test("parts train each student once between them, and the table is then one machine's")
  func parts() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--preset-set 21kb --published"
      let whole = try Report(try await alambic.run(Self.arguments(options)))
      func runs() throws -> [String: Date] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/dealt/runs")) ?? []
        return try Dictionary(
          uniqueKeysWithValues: names.filter { $0.hasSuffix(".json") }.map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/dealt/runs/\(name)")
            return (name, try #require(attributes[.modificationDate] as? Date))
          })
      }
      var counts: [Int] = []
      for part in ["3/3", "1/3", "2/3", "2/3"] {
        let outcome = try await alambic.run(Self.arguments("\(options) --part \(part)", out: "dealt"))
        #expect(outcome.status == 0, "\(outcome)")
        counts.append(try runs().count)
      }
      #expect(counts[3] == 16 && counts[2] == 16 && counts[0] > 0 && counts[0] < counts[1], "\(counts)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/dealt/compare.md"))
      let before = try runs()
      #expect(try Report(try await alambic.run(Self.arguments(options, out: "dealt"))) == whole)
      #expect(try Report(try await alambic.run(Self.arguments("\(options) --merge 3", out: "dealt"))) == whole)
      #expect(try runs() == before)
      // A merge trains nothing: of another number of parts, of other students, or of a result that is not its part's.
      let fewer = try await alambic.run(Self.arguments("\(options) --merge 4", out: "dealt"))
      #expect(fewer.status == 75 && fewer.standardError.contains("4 of 4 parts in dealt/parts are missing: 1-4"))
      let others = try await alambic.run(Self.arguments("--preset-set 21kb --merge 3", out: "dealt"))
      #expect(others.status == 75 && others.standardError.contains("3 of 3 parts in dealt/parts"), "\(others)")
      let first = try #require(before.keys.sorted().first)
      try FileManager.default.removeItem(atPath: "\(folder)/dealt/runs/\(first)")
      let missing = try await alambic.run(Self.arguments("\(options) --merge 3", out: "dealt"))
      #expect(missing.status == 75 && missing.standardError.contains("1 of 3 parts in dealt/parts are missing"))
      #expect(try runs().count == 15)
    }
  }

  @Test("tuning tries the same grid for everyone, and extends it where the best is at its end; the test stays unseen")
  func tuning() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--contestant atome-60k --contestant gpt-6k:int8 --tune"
      let report = try Report(try await alambic.run(Self.arguments(options)))
      #expect(report.tuning.count == 2 && report.tuning.allSatisfy { $0.trials.count >= 9 })
      // Another test part leaves the chosen rates as they are.
      var text = try AtomicFile.read("\(folder)/text.txt")
      for index in (864 * 32)..<text.count { text[index] = UInt8(ascii: "x") }
      try AtomicFile.write(text, to: "\(folder)/text.txt")
      let other = try Report(try await alambic.run(Self.arguments(options, out: "other")))
      #expect(other.tuning == report.tuning)
      #expect(other.sections[0].rows.map(\.learningRate) == report.sections[0].rows.map(\.learningRate))
      #expect(other.sections[0].rows[0].bitsPerByte != report.sections[0].rows[0].bitsPerByte)
    }
  }

  @Test("ablations change one thing each; equal time scales the steps")
  func ablations() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let options = "--contestant atome-60k --contestant gpt-6k --ablate --equal-time"
      let report = try Report(try await AlambicCommand(in: folder).run(Self.arguments(options)))
      #expect(report.sections.map(\.title) == ["Chosen", "Equal training time", "Ablations"])
      let time = report.sections[1].rows
      #expect(time[0].stepCount == 12 && time[1].stepCount > 12)
      let rows = report.sections[2].rows
      let names = rows.map(\.name)
      for name in ["without local", "without state", "without sparse", "float weights", "kernel 3", "top_k 1"] {
        #expect(names.contains(name), "\(names)")
      }
      // Windows of another length are other units, so they are not paired.
      #expect(rows.filter { $0.difference == nil }.map(\.name) == ["atome-60k ternary", "window 16", "window 64"])
      let depths = rows.filter { $0.name.contains(" × ") }
      #expect(depths.count == 6 && depths.allSatisfy { abs($0.flashByteCount - 20_575) < 1200 }, "\(depths)")
    }
  }

  @Test("what cannot be compared is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let none = try await alambic.run(Self.arguments("--contestant atome-60k:int8"))
      expect(
        none,
        is: .refusal(64, "'atome-60k:int8' cannot take part: atome-60k has no form 'int8'", hint: "its forms: ternary"))
      let seeds = try await alambic("compare --data text.txt --seeds 0 --out x")
      expect(seeds, is: .refusal(64, "--seeds is 0, outside 1…100", hint: "choose a value in that range"))
      let both = try await alambic("compare --data text.txt --corpus thermostat --out x")
      expect(
        both,
        is: .refusal(
          64, "compare needs either --data or --corpus",
          hint: "for example `alambic compare --data stories.txt --out all`"))
      for option in ["--tune", "--equal-time"] {
        let part = try await alambic.run(Self.arguments("\(option) --part 1/2"))
        #expect(part.status == 64 && part.standardError.contains("\(option) does not go with --part"), "\(part)")
      }
      let gpt = try await alambic.run(Self.arguments("--contestant gpt-6k --ablate"))
      #expect(gpt.status == 64 && gpt.standardError.contains("--ablate varies the first contestant"))
    }
  }
}
