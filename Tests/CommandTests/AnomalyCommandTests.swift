import Basics
import Firmware
import Foundation
import TestSupport
import Testing

/// A tide with noise that stands still for a while: no value leaves the range that was seen.
@Suite("alambic anomaly")
struct AnomalyCommandTests {
  private static let flat = 700..<760

  private static func series(_ count: Int = 900) -> String {
    var generator = SeededGenerator(seed: 11)
    let rows = (0..<count).map { row in
      let tide = flat.contains(row) ? 0.9 : sin(2 * .pi * Double(row) / 24)
      return "2026-01-01 \(row),\(((20 + 5 * tide + 0.4 * generator.unit()) * 100).rounded() / 100)"
    }
    return "timestamp,value\n" + rows.joined(separator: "\n") + "\n"
  }

  private struct Scores: Decodable {
    struct Row: Decodable, Equatable {
      var time: String
      var value: Double?
      var byte: String
      var bits: Double
      var deviations: Double
      var isAnomalous: Bool
      var raisesAlarm: Bool
    }
    var schema: String
    var alarmCount: Int
    var rows: [Row]
  }

  private static func scores(_ outcome: AlambicCommand.Outcome) throws -> Scores {
    try JSONDecoder().decode(Scores.self, from: Data(outcome.standardOutput.utf8))
  }

  private static func write(_ text: String, _ name: String = "tide.csv", in folder: String) throws {
    try AtomicFile.write(text, to: "\(folder)/\(name)")
  }

  @Test("finds what no limit would, the same in both engines; the image is proven as any other")
  func whole() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try Self.write(Self.series(), in: folder)
      let train = try await alambic("anomaly train tide.csv --normal 600 --out tide.atome --json")
      let answer = try train.json()
      #expect(train.status == 0 && answer["schema"] as? String == "alambic.anomaly-training/1", "\(train)")
      #expect(answer["heldOutCount"] as? Int == 150)
      #expect(answer["byteCount"] as? Int ?? .max < 2500 && answer["memoryByteCount"] as? Int ?? .max < 2048)
      let again = try await alambic("anomaly train tide.csv --normal 600 --out again.atome")
      #expect(again.status == 0 && again.standardOutput.contains("of RAM"))
      #expect(try AtomicFile.read("\(folder)/again.atome") == AtomicFile.read("\(folder)/tide.atome"))

      let scores = try Self.scores(
        await alambic("anomaly score tide.csv --model tide.atome --all --json --readings readings.bin"))
      #expect(scores.schema == "alambic.anomaly-scores/1" && scores.rows.count == 900)
      let alarms = scores.rows.indices.filter { scores.rows[$0].raisesAlarm }
      #expect(alarms.count == scores.alarmCount)
      #expect(alarms.contains(where: Self.flat.contains) && alarms.allSatisfy { $0 >= Self.flat.lowerBound })
      let reference = try Self.scores(
        await alambic("anomaly score tide.csv --model tide.atome --all --json --engine swift"))
      #expect(reference.rows == scores.rows)
      let page = try await alambic("anomaly score tide.csv --model tide.atome")
      #expect(page.standardOutput.split(separator: "\n").count == 1 + alarms.count)
      #expect(page.standardError.contains("900 readings, \(alarms.count) alarm"))

      let proof = try await alambic("verify tide.atome --prompts 4 --bytes 8 --json")
      #expect(proof.status == 0, "\(proof.standardError)")
      try await runsOnACore(scores, in: folder)
    }
  }

  /// The example of firmware/examples on the host and under QEMU, against the scores that this program gave.
  private func runsOnACore(_ scores: Scores, in folder: String) async throws {
    guard EmulatedCore.requiredTools.allSatisfy(Toolbox().contains) else { return }
    let result = try await runTool(
      "make",
      [
        "-s", "-C", "\(PackageRoot.path)/firmware", "anomaly", "BOARD=mps2-an385", "OUT=\(folder)/core",
        "IMAGE=\(folder)/tide.atome", "SETTINGS=\(folder)/tide.detector.h", "READINGS=\(folder)/readings.bin",
      ], in: folder)
    try #require(result.status == 0, "\(result.messages)")
    let said = String(decoding: try AtomicFile.read("\(folder)/core/anomaly-core.txt"), as: UTF8.self)
    let lines = said.split(separator: "\n")
    try #require(lines.count == scores.rows.count)
    for (line, row) in zip(lines, scores.rows) {
      let words = line.split(separator: " ")
      #expect(String(words[0]) == row.byte && Double(words[1]) == row.bits * 2048, "\(line): \(row)")
      #expect((words.count == 4) == row.raisesAlarm)
    }
  }

  @Test("Missing values are surprising where training had none")
  func missing() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try Self.write(Self.series(400), in: folder)
      let lines = Self.series(400).split(separator: "\n")
      let damaged = lines.enumerated().map { row, line in
        (300..<330).contains(row) ? line.prefix { $0 != "," } + (row.isMultiple(of: 2) ? "," : ",NaN") : line
      }
      try Self.write(damaged.joined(separator: "\n"), "gap.csv", in: folder)
      #expect(try await alambic("anomaly train tide.csv --normal 250 --steps 200 --out tide.atome").status == 0)
      let scores = try Self.scores(await alambic("anomaly score gap.csv --model tide.atome --all --json"))
      let gap = scores.rows.indices.filter { scores.rows[$0].byte == "-" }
      #expect(gap == Array(299..<329) && gap.allSatisfy { scores.rows[$0].value == nil })
      #expect(scores.rows[299].bits > 6)
      #expect(scores.rows.indices.contains { scores.rows[$0].raisesAlarm && gap.contains($0) })
    }
  }

  @Test("The benchmark scores students beside limits, on windows as Numenta writes them")
  func benchmark() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try Self.write(Self.series(900), in: folder)
      try Self.write(
        #"{"tide.csv": [["2026-01-01 690.000000", "2026-01-01 770"]]}"#, "windows.json", in: folder)
      let outcome = try await alambic("anomaly benchmark windows.json --seeds 0,1 --steps 300 --json")
      let answer = try outcome.json()
      let contestants = try #require(answer["contestants"] as? [[String: Any]], "\(outcome)")
      #expect(contestants.map { $0["name"] as? String } == ["student", "limits", "moving window", "moving average"])
      let trials = contestants.map { $0["trials"] as? [[String: Any]] ?? [] }
      #expect(trials.map(\.count) == [2, 1, 1, 1])
      func best(_ trial: [String: Any]) -> Double { (trial["best"] as? [String: Any])?["standard"] as? Double ?? 0 }
      #expect(trials[0].allSatisfy { best($0) > 80 }, "\(trials[0].map(best))")
      let table = try await alambic("anomaly benchmark windows.json --seeds 0 --steps 300")
      #expect(table.standardOutput.hasPrefix("1 series, 1 windows") && table.standardOutput.contains("moving average"))
    }
  }

  /// Known answers come from a small reference in Python, written from the published definition and the baselines' own.
  @Test("Simple detectors get on real series what another program says they get", .needsSharedData)
  func realSeries() async throws {
    let windows = try #require(SharedData.path("nab/windows.json"))
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder).run(
        ["anomaly", "benchmark", windows, "--seeds", "0", "--steps", "1", "--json"])
      let answer = try outcome.json()
      #expect(answer["seriesCount"] as? Int == 6 && answer["windowCount"] as? Int == 15)
      let contestants = try #require(answer["contestants"] as? [[String: Any]], "\(outcome)")
      let known = [
        "limits": [71.039557, 65.679212, 74.026371, 78.768732, 4.1],
        "moving average": [57.483263, 53.657203, 60.544397, 58.050355, 4.1],
        "moving window": [46.756939, 38.532066, 51.171293, 51.749169, 3.1],
      ]
      for (name, expected) in known {
        let contestant = try #require(contestants.first { $0["name"] as? String == name })
        let trial = try #require((contestant["trials"] as? [[String: Any]])?.first)
        let usual = try #require(trial["usual"] as? [String: Double])
        let best = try #require(trial["best"] as? [String: Double])
        let found = [
          usual["standard"], usual["lowFalsePositives"], usual["lowFalseNegatives"], best["standard"],
          best["threshold"],
        ]
        for (value, expected) in zip(found, expected) {
          #expect(abs((value ?? .nan) - expected) < 1e-5, "\(name): \(value ?? .nan), \(expected)")
        }
      }
    }
  }

  @Test(
    "What does not fit is said with its place",
    arguments: [
      ("train none.csv --out x.atome", 65, "none.csv"),
      ("train tide.csv --value speed --out x.atome", 65, "no column 'speed'"),
      ("train words.csv --out x.atome", 65, "words.csv:3: 'warm' is not a number"),
      ("train short.csv --out x.atome", 65, "fewer than 64 readings"),
      ("train still.csv --normal 100 --out x.atome", 65, "constant"),
      ("train large.csv --normal 100 --out x.atome", 65, "268,435,455 is the largest"),
      ("train ragged.csv --out x.atome", 65, "ragged.csv:2: 3 columns"),
      ("train tide.csv --normal 1000 --out x.atome", 65, "fewer than --normal 1000"),
      ("train tide.csv --deviations 0 --out x.atome", 64, "--deviations is 0"),
      ("score tide.csv --model tide.csv", 65, "tide.csv.detector.json"),
      ("benchmark windows.json", 65, "is that of no row"),
      ("benchmark windows.json --seeds a", 64, "--seeds 'a'"),
    ])
  func misuse(line: String, status: Int32, message: String) async throws {
    try await withTemporaryFolder { folder in
      try Self.write(Self.series(200), in: folder)
      try Self.write("timestamp,value\na,1\nb,warm\n", "words.csv", in: folder)
      try Self.write(Self.series(90), "short.csv", in: folder)
      let still = (0..<200).map { "\($0),7\n" }.joined()
      try Self.write("timestamp,value\n" + still, "still.csv", in: folder)
      try Self.write("timestamp,value\n" + still.replacing("9,7", with: "9,1e12"), "large.csv", in: folder)
      try Self.write("timestamp,value\na,1,2\n", "ragged.csv", in: folder)
      try Self.write(#"{"tide.csv": [["2026-01-01 5", "yesterday"]]}"#, "windows.json", in: folder)
      let outcome = try await AlambicCommand(in: folder)("anomaly \(line)")
      #expect(outcome.status == status && outcome.standardError.contains(message), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/x.atome"))
    }
  }
}
