import Basics
import Engine
import Firmware
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing
import Vocabularies

@Suite("alambic train --task classify")
struct TrainClassifierTests {
  private static let words = ["Play": ["song", "album"], "Weather": ["rain", "sunny"], "Book": ["table", "dinner"]]
  private static let small = [
    "--shape", "d_model=12,n_layers=1,d_state=12,n_gates=4,d_ff=12", "--steps", "500", "--window", "40", "--strings",
    "40", "--quiet",
  ]
  private static let columns = ["--columns", "intent,text"]

  private static func table(_ count: Int, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    let labels = words.keys.sorted()
    return (0..<count).map { number in
      let label = labels[number % labels.count]
      let word = words[label]?[generator.below(2)] ?? ""
      return "\(label)\tplease \(["some", "a", "the"][generator.below(3)]) \(word) \(number)\n"
    }.joined()
  }

  @Test("from a table to a classifier in integers that refuses what it does not know, verified")
  func whole() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try AtomicFile.write(Self.table(300, seed: 1), to: "\(folder)/train.tsv")
      try AtomicFile.write(Self.table(60, seed: 2), to: "\(folder)/test.tsv")
      try AtomicFile.write("who opened the door\nlock every window\nturn it off\n", to: "\(folder)/other.txt")
      let train =
        ["train", "--task", "classify", "--data", "train.tsv", "--label", "intent"] + Self.columns + Self.small
      let said = try await alambic.run(train + ["--folds", "2", "--repeats", "2", "--out", "c.checkpoint", "--json"])
      let answer = try said.json()
      #expect(answer["schema"] as? String == "alambic.train-classifier/1" && answer["textCount"] as? Int == 300)
      #expect(answer["labels"] as? [String] == ["Book", "Play", "Weather"])
      let validation = try #require(answer["validation"] as? [String: Any])
      #expect(validation["folds"] as? Int == 2 && validation["repeats"] as? Int == 2)
      #expect((validation["right"] as? [String: Double])?["mean"] ?? 0 > 0.9)
      let threshold = try #require(answer["threshold"] as? Double)
      #expect(validation["threshold"] as? Double == threshold)
      let checkpoint = try TrainingCheckpoint<CompactShape>(readingFrom: "\(folder)/c.checkpoint")
      let head = try #require(checkpoint.settings.head)
      // JSONSerialization rounds the last digit of some numbers.
      #expect(head.threshold.map { abs($0 - threshold) < 1e-9 } == true && head.none != nil)
      #expect(head.labels.map(\.name) == ["Book", "Play", "Weather"])
      // Bytes that UTF-8 never has, so that no text says a label.
      #expect(head.tokens.allSatisfy { [0xC0, 0xC1].contains($0) || $0 >= 0xF5 })
      #expect(head.tokens.allSatisfy { checkpoint.vocabulary.isByte($0) } && !checkpoint.vocabulary.isIdentity)

      let exported = try await alambic.run(
        ["export", "c.checkpoint", "--format", "integer", "--calibrate", "train.tsv", "--out", "c.atome"]
          + Self.columns)
      #expect(exported.status == 0 && exported.standardError.contains("texts have the same label"), "\(exported)")
      let ask = [
        "classify", "c.atome", "--data", "test.tsv", "--label", "intent", "--out-of-scope", "other.txt", "--json",
      ]
      let measured = try await alambic.run(ask + Self.columns + ["--train", "train.tsv"]).json()
      let contestants = try #require(measured["contestants"] as? [[String: Any]])
      #expect(contestants.map { $0["name"] as? String }.first == "student" && contestants.count == 3)
      let report = try #require(contestants[0]["report"] as? [String: Any])
      #expect((report["right"] as? [String: Any])?["rightCount"] as? Int ?? 0 >= 54)
      let own = try #require(contestants[0]["atOwnThreshold"] as? [String: Any])
      #expect((own["threshold"] as? Double).map { $0 >= threshold && $0 < threshold + 0.1 } == true)
      #expect((own["recall"] as? [String: Any])?["rightCount"] as? Int ?? 0 >= 2)
      let reference = try await alambic.run(ask + Self.columns + ["--engine", "swift"]).json()
      let other = try #require((reference["contestants"] as? [[String: Any]])?.first?["report"] as? [String: Any])
      #expect(other["calibrationError"] as? Double == report["calibrationError"] as? Double)
      try await asks(alambic, in: folder)
    }
  }

  private func asks(_ alambic: AlambicCommand, in folder: String) async throws {
    let known = try await alambic.run(["classify", "c.atome", "--prompt", "please some song 7", "--json"]).json()
    #expect(known["label"] as? String == "Play" && known["isRefused"] as? Bool == false)
    // What is not refused by C is not refused here, and the other way round.
    let stranger = "who opened the door"
    let unknown = try await alambic.run(["classify", "c.atome", "--prompt", stranger, "--json"]).json()
    let image = try AtomicFile.read("\(folder)/c.atome")
    let contents = try CompactImageFile.read(image, name: "c.atome")
    let engine = try CCompactEngine(image: image, logitScale: 1, contextLength: 1)
    var logits: [Float] = []
    for token in contents.vocabulary.encode(Array(stranger.utf8)) + [LabelHead.end] { logits = engine.step(token) }
    let choice = try CLabels(image: image).choice(from: logits)
    #expect(unknown["isRefused"] as? Bool == (choice.label == nil))
    let shown = try await alambic.run(["classify", "c.atome", "--prompt", stranger]).standardOutput
    #expect(shown.contains("none of these"), "\(shown)")
    #expect(try await alambic("inspect c.atome").standardOutput.contains("Weather"))
    try await runsElsewhere(alambic, ["please some song 7", stranger, "", "please a rain"], in: folder)
    // It says no text, so nobody is told noise.
    try AtomicFile.write("please some song 7\n", to: "\(folder)/text.txt")
    for line in [
      "talk c.atome --prompt please", "talk c.checkpoint --prompt please", "evaluate c.atome --data text.txt",
      "serve c.atome",
    ] {
      let outcome = try await alambic(line)
      #expect(outcome.status == 64 && outcome.standardError.contains("is a classifier"), "\(line): \(outcome)")
    }
    #expect(try await alambic("classify c.atome --prompt x --frame {text}:{label}").status == 64)
  }

  /// The library that one adds to a project, and the example of firmware/examples on the host and under QEMU, against
  /// what `classify` says.
  private func runsElsewhere(_ alambic: AlambicCommand, _ texts: [String], in folder: String) async throws {
    var expected: [String] = []
    for text in texts {
      let asked = try await alambic.run(["classify", "c.atome", "--prompt", text, "--json"]).json()
      expected.append(asked["isRefused"] as? Bool == true ? "none of these" : asked["label"] as? String ?? "")
    }
    #expect(Set(expected).count >= 2, "\(expected)")
    let made = try await alambic.run(["firmware", "c.atome", "--library", "labels_of", "--prompt", texts[0], "--json"])
    #expect(try made.json()["labels"] as? [String] == ["Book", "Play", "Weather"], "\(made)")
    for (text, label) in zip(texts, expected) {
      let built = try await runTool(
        "gcc",
        [
          "-O1", "-Ilabels_of/src", "-DPROMPT=\"\(text)\"", "labels_of/src/labels_of.c", "labels_of/examples/c/main.c",
          "-o", "said",
        ], in: folder)
      #expect(built.status == 0, "\(built.messages)")
      let said = try await runTool("env", ["\(folder)/said"], in: folder)
      #expect(String(decoding: said.output, as: UTF8.self) == "\(label)\n")
    }
    guard EmulatedCore.requiredTools.allSatisfy(Toolbox().contains) else { return }
    try AtomicFile.write(texts.map { "\($0)\n" }.joined(), to: "\(folder)/texts.txt")
    let result = try await runTool(
      "make",
      [
        "-s", "-C", "\(PackageRoot.path)/firmware", "labels", "BOARD=mps2-an385", "OUT=\(folder)/core",
        "IMAGE=\(folder)/c.atome", "TEXTS=\(folder)/texts.txt",
      ], in: folder)
    try #require(result.status == 0, "\(result.messages)")
    let said = String(decoding: try AtomicFile.read("\(folder)/core/labels-core.txt"), as: UTF8.self)
    #expect(
      said.split(separator: "\n").map { String($0.split(separator: " ")[0]) }
        == expected.map { $0 == "none of these" ? "-" : $0 })
  }

  @Test("the same command leaves the same bytes, and goes on where a kill left it; texts of no label need no mask")
  func again() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      let none = (0..<30).map { "None\tdoor \($0)\n" }.joined()
      try AtomicFile.write(Self.table(120, seed: 1) + none, to: "\(folder)/train.tsv")
      let train =
        ["train", "--task", "classify", "--data", "train.tsv", "--label", "intent", "--none", "None", "--folds", "0"]
        + ["--keep-keywords", "--class-weights", "balanced", "--patience", "2", "--evaluate-every", "100"]
        + Self.columns + Self.small
      for name in ["a", "b"] { #expect(try await alambic.run(train + ["--out", name]).status == 0) }
      #expect(try AtomicFile.read("\(folder)/a") == AtomicFile.read("\(folder)/b"))
      let head = try #require(try TrainingCheckpoint<CompactShape>(readingFrom: "\(folder)/a").settings.head)
      #expect(head.none != nil && head.threshold == nil && head.labels.count == 3)
    }
  }

  @Test(
    "what cannot be trained is said before anything is",
    arguments: [
      ("one.tsv", "", "all texts have the label 'A'"),
      ("few.tsv", "", "different texts of each label; there are of 'B' 1"),
      ("few.tsv", "--folds 1", "--folds 1"), ("two.tsv", "--none C", "no text has the label 'C'"),
      ("two.tsv", "--window 5", "more tokens than the window of 5"), ("two.tsv", "--reply line", "--reply"),
      ("two.tsv", "--preset atome-60k", "compact students"), ("two.tsv", "--repeats 0", "--repeats 0"),
    ])
  func misuse(file: String, options: String, message: String) async throws {
    try await withTemporaryFolder { folder in
      let two = (0..<40).map { "\($0 % 2 == 0 ? "A" : "B")\twords of text \($0)\n" }
      let tables = [
        "one.tsv": "A\tx\nA\ty\n", "two.tsv": two.joined(),
        "few.tsv": "A\tx\nA\ty\nB\tz\n",
      ]
      for (name, table) in tables { try AtomicFile.write(table, to: "\(folder)/\(name)") }
      let outcome = try await AlambicCommand(in: folder)(
        "train --task classify --data \(file) --columns label,text --steps 5 --out c \(options)")
      #expect(outcome.status != 0 && outcome.standardError.contains(message), "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/c"))
    }
  }

  @Test(
    "options of the task need it, and no corpus has it",
    arguments: ["--data two.tsv --folds 3", "thermostat --task classify"])
  func options(line: String) async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder)("train \(line) --out c")
      #expect(outcome.status == 64)
    }
  }
}
