import Basics
import Foundation
import TestSupport
import Testing

/// A folder with a text and a sweep of it that takes a second.
struct SweepFolder {
  var folder: String
  var workspace: String { "\(folder)/.alambic" }
  var alambic: AlambicCommand { AlambicCommand(in: folder) }

  /// Six trainings of two sizes.
  static let usual = """
    shapes: [atome-60k, gpt-6k-tied:int8]
    windows: 32
    batches: 2
    steps: 6
    seeds: [0, 1, 2]
    """

  init(in folder: String, _ more: String = usual) throws {
    self.folder = folder
    try AtomicFile.makeFolder(folder)
    var generator = SeededGenerator(seed: 5)
    let words = ["the", "cat", "sat", "on", "a", "mat", "and", "ate"]
    let text = (0..<60).map { _ in
      (0..<20).map { _ in words[generator.below(words.count)] }.joined(separator: " ")
    }
    try AtomicFile.write(text.joined(separator: "\n\n"), to: "\(folder)/text.txt")
    try write(more)
  }

  func write(_ more: String, data: String = "text.txt") throws {
    try AtomicFile.write(
      "schema: alambic.sweep/1\nname: sizes\ndata: \(data)\n\(more)\n", to: "\(folder)/sizes.yaml")
  }

  func callAsFunction(_ line: String) async throws -> AlambicCommand.Outcome {
    try await alambic.run(line.split(separator: " ").map(String.init))
  }

  /// All that a finished sweep is: the table's four forms, and each training's checkpoint and result.
  func content() throws -> [String: ContentID] {
    let root = "\(workspace)/sweeps/sizes"
    var content: [String: ContentID] = [:]
    for name in ["sweep.json", "sweep.md", "sweep.csv", "sweep.svg"] {
      content[name] = try ContentID(ofFile: "\(root)/\(name)")
    }
    for id in try FileManager.default.contentsOfDirectory(atPath: "\(root)/trainings") {
      for name in ["model.checkpoint", "result.json", "rungs.json"] {
        let path = "\(root)/trainings/\(id)/\(name)"
        if FileManager.default.fileExists(atPath: path) { content["\(id)/\(name)"] = try ContentID(ofFile: path) }
      }
    }
    return content
  }

  func table() throws -> Table {
    try JSONDecoder().decode(Table.self, from: Data(try AtomicFile.read("\(workspace)/sweeps/sizes/sweep.json")))
  }

  struct Table: Decodable {
    struct Row: Decodable {
      struct Training: Decodable {
        var state: String
        var seed: Int
        var step: Int?
        var bitsPerByte: Double?
        var id: ContentID
        var checkpoint: ContentID?
      }
      var student: String
      var patience: Int?
      var flashByteCount: Int
      var isOnFront: Bool?
      var trainings: [Training]
    }
    var rows: [Row]
    var trainings: [Row.Training] { rows.flatMap(\.trainings) }
  }
}

@Suite("alambic sweep")
struct SweepCommandTests {
  @Test("trains every combination once, and writes one table in four forms")
  func table() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder)
      let estimate = try await sweep("sweep sizes.yaml --dry-run --json")
      let before = try estimate.json()
      #expect(before["trainingCount"] as? Int == 6 && before["stepCount"] as? Int == 36, "\(estimate)")
      #expect((before["minutes"] as? Double ?? 0) > 0)
      #expect(!FileManager.default.fileExists(atPath: sweep.workspace))

      let outcome = try await sweep("sweep sizes.yaml")
      #expect(outcome.status == 0, "\(outcome)")
      let table = try sweep.table()
      #expect(table.rows.map(\.student) == ["atome-60k ternary", "gpt-6k-tied int8"])
      #expect(table.trainings.allSatisfy { $0.state == "finished" && $0.step == 6 })
      #expect(table.trainings.map(\.seed) == [0, 1, 2, 0, 1, 2])
      #expect(table.rows[0].flashByteCount > table.rows[1].flashByteCount)
      #expect(table.rows.contains { $0.isOnFront == true })
      let csv = String(decoding: try AtomicFile.read("\(sweep.workspace)/sweeps/sizes/sweep.csv"), as: UTF8.self)
      #expect(csv.split(separator: "\n").count == 7)
      let svg = String(decoding: try AtomicFile.read("\(sweep.workspace)/sweeps/sizes/sweep.svg"), as: UTF8.self)
      #expect(svg.contains("gpt-6k-tied int8") && svg.contains("bytes of flash"))

      // Again, nothing is trained.
      let content = try sweep.content()
      let again = try await sweep("sweep sizes.yaml --json")
      #expect(
        try again.json()["schema"] as? String == "alambic.sweep-table/1" && !again.standardError.contains("steps"))
      #expect(try sweep.content() == content)
      #expect(try await sweep("sweep sizes.yaml --dry-run").standardOutput.contains("6 finished already"))

      // A wider file trains only what is new.
      try sweep.write(SweepFolder.usual.replacing("[0, 1, 2]", with: "[0, 1, 2, 3]"))
      #expect(try await sweep("sweep sizes.yaml --dry-run --json").json()["stepCount"] as? Int == 12)
    }
  }

  @Test("the figure is that of train and evaluate, in the form that is flashed")
  func figure() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder, SweepFolder.usual.replacing("steps: 6", with: "steps: 120"))
      #expect(try await sweep("sweep sizes.yaml --quiet").status == 0)
      let alone = try await sweep(
        "train --data text.txt --preset atome-60k --window 32 --batch 2 --steps 120 --seed 1 --out a.checkpoint --json"
      )
      let expected = try #require(try alone.json()["bitsPerByte"] as? Double, "\(alone)")
      let found = try #require(try sweep.table().rows[0].trainings[1].bitsPerByte)
      #expect(abs(found - expected) < 1e-9)
    }
  }

  @Test(
    "1, 3 and 16 parts leave the bytes of one machine", arguments: ["", "rungs: {eta: 2, budget: 40}"])
  func parts(rungs: String) async throws {
    try await withTemporaryFolder { folder in
      let file = "\(SweepFolder.usual)\nrates: [0.5, 1]\n\(rungs)"
      let alone = try SweepFolder(in: "\(folder)/alone", file)
      #expect(try await alone("sweep sizes.yaml --quiet").status == 0)
      let expected = try alone.content()
      for count in [1, 3, 16] {
        let sweep = try SweepFolder(in: "\(folder)/\(count)", file)
        var trainingCount = 0
        for number in (1...count).reversed() {
          let outcome = try await sweep("sweep sizes.yaml --quiet --json --part \(number)/\(count)")
          #expect(outcome.status == 0, "\(outcome)")
          trainingCount += (try outcome.json()["trainings"] as? [Any] ?? []).count
        }
        #expect(trainingCount == 12)
        #expect(!FileManager.default.fileExists(atPath: "\(sweep.workspace)/sweeps/sizes/trainings"))
        let merged = try await sweep("merge sizes.yaml")
        #expect(merged.status == 0, "\(merged)")
        #expect(try sweep.content() == expected, "\(count) parts")
        #expect(try await sweep("merge sizes.yaml --quiet").status == 0)
        #expect(try sweep.content() == expected)
      }
    }
  }

  @Test("a part that is missing or damaged is named; one that is complete is not trained again")
  func missing() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder)
      for number in [1, 2] { #expect(try await sweep("sweep sizes.yaml --quiet --part \(number)/4").status == 0) }
      let missing = try await sweep("merge sizes.yaml")
      #expect(
        missing.status == 75 && missing.standardError.contains("2 of 4 parts of the sweep sizes are missing: 3-4"))
      for number in [3, 4] { #expect(try await sweep("sweep sizes.yaml --quiet --part \(number)/4").status == 0) }
      let again = try await sweep("sweep sizes.yaml --part 3/4")
      #expect(again.status == 0 && again.standardError.contains("part 3/4 is complete since attempt 1"), "\(again)")

      let root = "\(sweep.workspace)/sweeps/sizes"
      let part = try #require(try Self.partWithTrainings(root))
      let id = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(part)/1/trainings").first)
      let path = "\(root)/\(part)/1/trainings/\(id)/model.checkpoint"
      var bytes = try AtomicFile.read(path)
      bytes[bytes.count / 2] ^= 1
      try AtomicFile.write(bytes, to: path)
      let damaged = try await sweep("merge sizes.yaml")
      #expect(damaged.status == 75 && damaged.standardError.contains("is not the file that its manifest names"))
      #expect(!FileManager.default.fileExists(atPath: "\(root)/sweep.json"))
      let name = part.split(separator: "/").last?.replacing("-of-", with: "/") ?? ""
      #expect(try await sweep("sweep sizes.yaml --quiet --part \(name)").status == 0)
      #expect(try await sweep("merge sizes.yaml --quiet").status == 0)
      // A file that changed since has no parts.
      try sweep.write(SweepFolder.usual.replacing("steps: 6", with: "steps: 7"))
      let changed = try await sweep("merge sizes.yaml")
      #expect(changed.status == 75 && changed.standardError.contains("another sweep's file"), "\(changed)")
    }
  }

  private static func partWithTrainings(_ root: String) throws -> String? {
    try FileManager.default.contentsOfDirectory(atPath: "\(root)/parts").sorted().map { "parts/\($0)" }.first {
      FileManager.default.fileExists(atPath: "\(root)/\($0)/1/trainings")
    }
  }

  @Test("kernels do not mix, in a merge or in a folder; a file may pin them")
  func kernels() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder)
      for number in [1, 2] { #expect(try await sweep("sweep sizes.yaml --quiet --part \(number)/2").status == 0) }
      let path = "\(sweep.workspace)/sweeps/sizes/parts/2-of-2/1/manifest.json"
      let manifest = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      let other = manifest.contains("\"avx2\"") ? "avx512" : "avx2"
      try AtomicFile.write(
        manifest.replacing(#/"instructionSet" : "\w+"/#, with: "\"instructionSet\" : \"\(other)\""), to: path)
      let mixed = try await sweep("merge sizes.yaml")
      #expect(mixed.status == 64 && mixed.standardError.contains("different kernels"), "\(mixed)")
      #expect(mixed.standardError.contains("\(other) trained 2"), "\(mixed)")

      // Every processor has these; other sums, so other bits.
      try sweep.write("\(SweepFolder.usual)\ninstructionSet: baseline")
      #expect(try await sweep("sweep sizes.yaml --quiet").status == 0)
      let pinned = try String(decoding: AtomicFile.read("\(sweep.workspace)/sweeps/sizes/sweep.json"), as: UTF8.self)
      #expect(pinned.contains("\"instructionSet\" : \"baseline\""))
      try sweep.write(SweepFolder.usual)
      let unpinned = try await sweep("sweep sizes.yaml")
      if !manifest.contains("\"baseline\"") {
        #expect(unpinned.status == 64 && unpinned.standardError.contains("holds trainings by baseline"), "\(unpinned)")
      }
    }
  }

  @Test("killed at random moments, alone or in a part, it trains nothing twice and leaves the same bytes")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      let file =
        SweepFolder.usual.replacing("steps: 6", with: "steps: 120") + "\nrungs: {eta: 2, budget: 2000}"
        + "\nrates: [0.5, 1, 2]"
      let whole = try SweepFolder(in: "\(folder)/whole", file)
      #expect(try await whole("sweep sizes.yaml --quiet").status == 0)
      let expected = try whole.content()
      var generator = SeededGenerator(seed: 3)
      for command in ["sweep sizes.yaml --save-every 0.02", "sweep sizes.yaml --save-every 0.02 --part 1/1"] {
        let name = command.hasSuffix("1/1") ? "part" : "alone"
        let sweep = try SweepFolder(in: "\(folder)/\(name)", file)
        let words = "\(command) --quiet".split(separator: " ").map(String.init)
        var killCount = 0
        for _ in 0..<KillCount.value(usually: 6) {
          let before = try Self.finished(sweep.workspace)
          let outcome = try await sweep.alambic.run(words, .killed) {
            try await Task.sleep(for: .seconds(0.1 + 0.5 * generator.unit()))
          }
          if outcome.status == 128 + SIGKILL { killCount += 1 }
          // What was finished is as it was, to the file's date.
          for (path, date) in before { #expect(try Self.finished(sweep.workspace)[path] == date) }
        }
        #expect(killCount >= 2)
        #expect(try await sweep(words.joined(separator: " ")).status == 0)
        if name == "part" { #expect(try await sweep("merge sizes.yaml --quiet").status == 0) }
        #expect(try sweep.content() == expected, "\(name)")
      }
      // Rungs stopped some, and by the same choice.
      let states = Set(try whole.table().trainings.map(\.state))
      #expect(states == ["finished", "stopped"])
    }
  }

  /// The results that there are, with their dates.
  private static func finished(_ workspace: String) throws -> [String: Date] {
    var found: [String: Date] = [:]
    guard let names = FileManager.default.enumerator(atPath: workspace) else { return [:] }
    for case let name as String in names where name.hasSuffix("/result.json") {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(workspace)/\(name)")
      found[name] = attributes[.modificationDate] as? Date
    }
    return found
  }

  @Test("a file that cannot be followed says why, before anything is trained")
  func mistakes() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder)
      let cases = [
        ("shapes: [gpt-6kk]\nsteps: 1", "text.txt", 65, "there is no preset 'gpt-6kk'"),
        ("shapes: [gpt-6k:int9]\nsteps: 1", "text.txt", 65, "has no form 'int9'"),
        ("shapes: gpt-6k\nsteps: 1\nrecipes: [fast]", "text.txt", 65, "there is no training recipe named 'fast'"),
        ("shapes: gpt-6k\nsteps: 1", "none.txt", 65, "none.txt"),
        ("shapes: gpt-6k\nsteps: 1\nwindows: 4096", "text.txt", 65, "windows of 4096"),
        ("shapes: gpt-6k\nsteps: 1", "{path: text.txt, reply: after-first-line}", 65, "only shards have replies"),
        ("shapes: gpt-6k\nsteps: 9\nrates: [1, 2]\nrungs: {budget: 9}", "text.txt", 65, "it needs 11 or more"),
      ]
      for (more, data, status, words) in cases {
        try sweep.write(more, data: data)
        let outcome = try await sweep("sweep sizes.yaml")
        #expect(outcome.status == status && outcome.standardError.contains(words), "\(outcome)")
        #expect(!FileManager.default.fileExists(atPath: sweep.workspace))
      }
      let none = try await sweep("merge sizes.yml")
      #expect(none.status != 0 && none.standardError.contains("sizes.yml"), "\(none)")
    }
  }

  @Test("slurm submits a sweep's parts")
  func slurm() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder)
      try AtomicFile.write("schema: alambic.cluster/1\nname: c\ncpus: 2\nprogram: /a\n", to: "\(folder)/c.yaml")
      #expect(try await sweep("sweep sizes.yaml --quiet --part 2/3").status == 0)
      let outcome = try await sweep("slurm submit sizes.yaml --parts 3 --at-once 2 --cluster c.yaml --dry-run")
      let file = URL(fileURLWithPath: "\(folder)/sizes.yaml").standardizedFileURL.path
      #expect(
        outcome.standardOutput.contains(
          "exec '/a' sweep '\(file)' --part \"${SLURM_ARRAY_TASK_ID}/3\" --threads 2 --quiet"), "\(outcome)")
      #expect(outcome.standardOutput.contains("#SBATCH --array=1,3%2"), "\(outcome)")
      #expect(outcome.standardOutput.contains("exec '/a' merge '\(file)' --parts 3 --quiet"), "\(outcome)")
      let paid = try await sweep("slurm submit sizes.yaml --parts 3 --cluster c.yaml --dry-run --spend-max 5")
      #expect(paid.status == 64 && paid.standardError.contains("a sweep asks no teacher"), "\(paid)")
    }
  }

  @Test("a sweep's parts need no project, also where the program lies outside of one")
  func outside() async throws {
    try await withTemporaryFolder { folder in
      let sweep = try SweepFolder(in: folder)
      try AtomicFile.write("schema: alambic.cluster/1\nname: c\n", to: "\(folder)/c.yaml")
      // A link is followed back into the project; a copy is not.
      let program = "\(folder)/installed"
      try FileManager.default.copyItem(atPath: AlambicCommand.program, toPath: program)
      for line in ["slurm submit sizes.yaml --parts 3 --cluster c.yaml --dry-run", "sweep sizes.yaml --dry-run"] {
        let outcome = try await runTool(
          "env", ["-u", "ALAMBIC_PROJECT", program] + line.split(separator: " ").map(String.init), in: folder)
        #expect(outcome.status == 0, "\(line): \(outcome.messages)")
      }
      let corpus = try await runTool(
        "env", ["-u", "ALAMBIC_PROJECT", program, "slurm", "status", "thermostat"], in: sweep.folder)
      #expect(corpus.status == 64 && corpus.messages.contains("no project found"), "\(corpus.messages)")
    }
  }
}
