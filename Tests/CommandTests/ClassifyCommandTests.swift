import Basics
import Foundation
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
      // A label that gets a share takes it from the others' sureness.
      let none = try await alambic.run(ask + ["--none", "Play", "--json"]).json()
      let rest = try #require((none["contestants"] as? [[String: Any]])?.first?["report"] as? [String: Any])
      #expect((rest["right"] as? [String: Any])?["count"] as? Int == 40)
    }
  }

  @Test(
    "what does not fit is said",
    arguments: [
      ("classify x.atome", 65), ("classify a.checkpoint --data t.tsv", 65),
    ])
  func misuse(line: String, status: Int32) async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder)(line)
      #expect(outcome.status == status)
    }
  }
}
