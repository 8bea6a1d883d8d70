import Basics
import Firmware
import Formats
import Foundation
import Model
import TestSupport
import Testing

@Suite("alambic classify")
struct ClassifyCommandTests {
  private static let words = ["Play": ["song", "album"], "Weather": ["rain", "sunny"], "Book": ["table", "dinner"]]

  private static func lines(_ count: Int, seed: UInt64) -> [(label: String, text: String)] {
    var generator = SeededGenerator(seed: seed)
    let labels = words.keys.sorted()
    return (0..<count).map { number in
      let label = labels[number % labels.count]
      let word = words[label]?[generator.below(2)] ?? ""
      return (label, "please \(["some", "a", "the"][generator.below(3)]) \(word) \(number)")
    }
  }

  @Test("from a table to an image that knows its labels, beside rivals, in all three forms of the answer")
  func whole() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      func write(_ name: String, _ lines: [(label: String, text: String)]) throws {
        try AtomicFile.write(lines.map { "\($0.label)\t\($0.text)\n" }.joined(), to: "\(folder)/\(name)")
      }
      try write("train.tsv", Self.lines(300, seed: 1))
      try write("test.tsv", Self.lines(60, seed: 2).map { ($0.label, $0.text + " now") })
      try AtomicFile.write("nothing of the kind\nwhat else\n", to: "\(folder)/other.txt")
      for arguments in [
        [
          "curate", "--input", "train.tsv", "--columns", "intent,text", "--text", "> {text}\\n< {intent}", "--near",
          "off", "--output", "curated", "--quiet",
        ],
        ["shard", "--input", "curated/documents.jsonl", "--output", "./shards", "--quiet"],
        [
          "train", "--data", "./shards", "--reply", "line", "--prompt-weight", "0.01", "--shape",
          "d_model=12,n_layers=1,d_state=12,n_gates=4,d_ff=12", "--window", "64", "--steps", "900", "--vocabulary",
          "learned", "--mark", "> ", "--mark", "< ", "--strings", "40", "--out", "c.checkpoint", "--quiet",
        ],
        ["export", "c.checkpoint", "--format", "integer", "--calibrate", "./shards", "--out", "c.atome", "--quiet"],
      ] {
        let outcome = try await alambic.run(arguments)
        #expect(outcome.status == 0, "\(arguments[0]): \(outcome)")
      }
      let ask = ["classify", "c.atome", "--data", "test.tsv", "--columns", "intent,text", "--label", "intent"]
      let outcome = try await alambic.run(
        ask + ["--train", "train.tsv", "--out-of-scope", "other.txt", "--json"])
      let answer = try outcome.json()
      #expect(answer["schema"] as? String == "alambic.classification/1" && answer["textCount"] as? Int == 60)
      let contestants = try #require(answer["contestants"] as? [[String: Any]])
      #expect(contestants.count == 3)
      let report = try #require(contestants[0]["report"] as? [String: Any])
      #expect((report["right"] as? [String: Any])?["rightCount"] as? Int ?? 0 >= 51)
      #expect((report["confusion"] as? [[Int]])?.joined().reduce(0, +) == 60)
      #expect(contestants[0]["outOfScope"] != nil)
      // The reference gives the same shares as the C engine, since their logits are equal.
      let reference = try await alambic.run(ask + ["--engine", "swift", "--json"]).json()
      let other = try #require((reference["contestants"] as? [[String: Any]])?.first?["report"] as? [String: Any])
      #expect(other["calibrationError"] as? Double == report["calibrationError"] as? Double)

      let page = try await alambic.run(ask)
      #expect(page.standardOutput.contains("macro F1") && page.standardOutput.contains("1 Book"))
      let one = try await alambic.run(
        ["classify", "c.atome", "--prompt", "please some song 7", "--labels", "Play,Weather,Book", "--json"]).json()
      #expect(one["label"] as? String == "Play")
      let shares = try #require(one["shares"] as? [String: Double])
      #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
      // Written out instead of chosen, labels without slots are right as often; --slots takes nothing else.
      let written = try await alambic.run(ask + ["--slots", "--json"]).json()
      let slots = try #require(written["report"] as? [String: Any])
      let (exact, intent) = (slots["exact"] as? [String: Any], slots["intent"] as? [String: Any])
      #expect(exact?["rightCount"] as? Int ?? 0 >= 48 && intent?["rightCount"] as? Int == exact?["rightCount"] as? Int)
      #expect((written["wrongAnswers"] as? [Any])?.count == 60 - (exact?["rightCount"] as? Int ?? 0))
      #expect(slots["refusals"] == nil)
      let refusing = try await alambic.run(ask + ["--slots", "--none", "Play", "--json"]).json()
      let refusals = (refusing["report"] as? [String: Any])?["refusals"] as? [String: Any]
      #expect((refusals?["refused"] as? [String: Any])?["count"] as? Int == 20)
      #expect(try await alambic.run(ask + ["--slots", "--train", "train.tsv"]).status == 64)
      #expect(try await alambic.run(ask + ["--slots", "--out-of-scope", "other.txt"]).status == 64)
      #expect(try await alambic.run(ask + ["--slots"]).standardOutput.contains("intent and all slots"))
      // A label that gets a share takes it from the others' sureness.
      let none = try await alambic.run(ask + ["--none", "Play", "--json"]).json()
      let rest = try #require((none["contestants"] as? [[String: Any]])?.first?["report"] as? [String: Any])
      #expect((rest["right"] as? [String: Any])?["count"] as? Int == 40)
    }
  }

  @Test("from a table to a classifier of n-grams: held-out figures, measured, asked, and on a core")
  func fits() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      let rows = Self.lines(300, seed: 1).map { "\($0.label)\t\($0.text)\n" }
      let strangers = (0..<30).map { "None\tthe door \($0) is open\n" }
      try AtomicFile.write((rows + strangers).joined(), to: "\(folder)/train.tsv")
      let fit = ["classify", "fit", "train.tsv", "--columns", "intent,text", "--label", "intent", "--none", "None"]
      let answer = try await alambic.run(
        fit + ["--folds", "3", "--repeats", "2", "--pair-bytes", "2048", "--out", "c.ngrams", "--json"]
      ).json()
      #expect(answer["schema"] as? String == "alambic.classifier/1" && answer["textCount"] as? Int == 330)
      #expect(answer["labels"] as? [String] == ["Book", "Play", "Weather"])
      let validation = try #require(answer["validation"] as? [String: Any])
      #expect(validation["folds"] as? Int == 3 && validation["repeats"] as? Int == 2)
      #expect((validation["right"] as? [String: Double])?["mean"] ?? 0 > 0.95)
      #expect(((validation["refused"] as? [String: Any])?["count"] as? Int) == 60)

      let image = try NgramImage(reading: AtomicFile.read("\(folder)/c.ngrams"), name: "c.ngrams")
      #expect(answer["byteCount"] as? Int == image.bytes.count && image.threshold != NgramImage.refusesNone)
      let header = String(decoding: try AtomicFile.read("\(folder)/c.h"), as: UTF8.self)
      let numbers = header.components(separatedBy: "{")[1].components(separatedBy: "}")[0].split { !$0.isNumber }
      #expect(numbers.compactMap { UInt8($0) } == image.bytes)

      let measured = try await alambic.run(
        [
          "classify", "c.ngrams", "--data", "train.tsv", "--columns", "intent,text", "--label", "intent", "--none",
          "None",
        ]
          + ["--train", "train.tsv", "--json"]
      ).json()
      let contestants = try #require(measured["contestants"] as? [[String: Any]])
      #expect(contestants.count == 2 && measured["textCount"] as? Int == 300)
      #expect(contestants[0]["atOwnThreshold"] != nil && contestants[0]["outOfScope"] == nil)
      let own = try #require(contestants[0]["report"] as? [String: Any])
      #expect((own["right"] as? [String: Any])?["rightCount"] as? Int ?? 0 > 290)
      let refused = try await alambic.run(["classify", "c.ngrams", "--prompt", "the door 9 is open", "--json"]).json()
      #expect(refused["isRefused"] as? Bool == true)
      let asked = try await alambic.run(["classify", "c.ngrams", "--prompt", "please the song 9", "--json"]).json()
      #expect(asked["label"] as? String == "Play" && asked["isRefused"] as? Bool == false)
      let piped = try await alambic.run(
        ["classify", "c.ngrams"], input: "please the song 9\n\nthe door 9 is open\r\nplease the song 9")
      let lines = piped.standardOutput.split(separator: "\n").map { $0.split(separator: "\t") }
      #expect(lines.map(\.first) == ["Play", "-", "-", "Play"] && piped.status == 0, "\(piped)")
      for option in [["--train", "train.tsv"], ["--out-of-scope", "other.txt"], ["--none", "None"], ["--slots"]] {
        let outcome = try await alambic.run(["classify", "c.ngrams"] + option, input: "please the song 9\n")
        #expect(outcome.status == 64 && outcome.standardError.contains("give them with --data"), "\(outcome)")
      }
      let shares = try #require(asked["shares"] as? [String: Double])
      #expect(abs((Double(lines[0][1]) ?? 0) - (shares["Play"] ?? 1)) <= 0.00005)
      #expect(try await alambic("inspect c.ngrams").standardOutput.contains("Weather"))
      #expect(try await alambic.run(fit + ["--folds", "2", "--out", "plain.ngrams"]).status == 0)
      let plain = try NgramImage(reading: AtomicFile.read("\(folder)/plain.ngrams"), name: "plain.ngrams")
      #expect(plain.pairs == nil && plain.bytes.count == image.bytes.count - 2048)
      try await runsOnACore(image, in: folder)
    }
  }

  /// The example of firmware/examples on the host and under QEMU, against this process.
  private func runsOnACore(_ image: NgramImage, in folder: String) async throws {
    guard EmulatedCore.requiredTools.allSatisfy(Toolbox().contains) else { return }
    let texts = ["please the song 9", "", "the door is open", "RAIN", "é"]
    try AtomicFile.write(texts.map { "\($0)\n" }.joined(), to: "\(folder)/texts.txt")
    let result = try await runTool(
      "make",
      [
        "-s", "-C", "\(PackageRoot.path)/firmware", "ngrams", "BOARD=mps2-an385", "OUT=\(folder)/core",
        "IMAGE=\(folder)/c.ngrams", "TEXTS=\(folder)/texts.txt",
      ], in: folder)
    try #require(result.status == 0, "\(result.messages)")
    let said = String(decoding: try AtomicFile.read("\(folder)/core/ngrams-core.txt"), as: UTF8.self)
    let classifier = NgramClassifier(image)
    let expected = texts.map { text in
      let scores = classifier.scores(of: text)
      let label = classifier.label(for: scores).map { image.labels[$0].name } ?? "-"
      return "\(label) \(scores.map(String.init).joined(separator: " "))"
    }
    #expect(said.split(separator: "\n").map(String.init) == expected)
  }

  @Test(
    "what does not fit is said",
    arguments: [
      ("classify x.atome", 65), ("classify a.checkpoint --data t.tsv", 65),
      ("classify fit t.tsv --out c.ngrams --features 1000", 64),
      ("classify fit t.tsv --out c.ngrams --folds 1", 64), ("classify fit t.tsv --out c.ngrams --repeats 0", 64),
      ("classify fit t.tsv --out c.ngrams --class-weights much", 64),
      ("classify fit t.tsv --out c.ngrams --pair-bytes 16", 64),
      ("classify fit t.tsv --out c.ngrams --pair-bytes 1000", 64),
      ("classify fit t.tsv --out c.ngrams --pair-bytes 32768", 64),
    ])
  func misuse(line: String, status: Int32) async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder)(line)
      #expect(outcome.status == status)
    }
  }
}
