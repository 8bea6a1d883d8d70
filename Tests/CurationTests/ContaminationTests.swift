import Basics
import Curation
import Foundation
import Intake
import Lineage
import TestSupport
import Testing

@Suite("Contamination")
struct ContaminationTests {
  private static let long =
    "the quick brown fox jumps over the lazy dog and then it runs back home to sleep until the morning comes"

  private func finding(_ text: String, _ references: [String], words: Int = 13) throws -> String? {
    let texts = references.enumerated().map { ReferenceText(origin: "test:\($0 + 1)", text: $1) }
    return try ContaminationIndex(texts, wordCount: words).finding(in: text)
  }

  @Test("thirteen words in a row are too many, in whatever case and with whatever marks; twelve are not")
  func runs() throws {
    let words = Self.long.split(separator: " ")
    let thirteen = words[3..<16].joined(separator: ", ").uppercased()
    let around = { (part: String) in "Once upon a time \(part) happened something that nobody had seen before, ever" }
    let found = try #require(try finding(around(thirteen), ["unlike", Self.long]))
    #expect(found == "13 words in common with test:2: '\(thirteen)'")
    #expect(try finding(around(words[3..<15].joined(separator: " ")), [Self.long]) == nil)
    #expect(try finding(around(words[3..<8].joined(separator: " ")), [Self.long], words: 5) != nil)
    // A word in between breaks the run.
    #expect(try finding(around((words[3..<9] + ["x"] + words[9..<16]).joined(separator: " ")), [Self.long]) == nil)
  }

  @Test("a shorter text counts as a whole: all its words in a row, from five on; or nearly the same text")
  func short() throws {
    let question = "is it warm in the nursery"
    #expect(
      try finding("> Is it warm, in the nursery?\n< Yes.", [question])
        == "6 words in common with test:1: 'Is it warm, in the nursery'")
    #expect(try finding("> is it warm in the hall\n< Yes.", [question]) == nil)
    // Four words are no run, and the same text they are.
    #expect(try finding("so: is it warm here? yes", ["is it warm here"]) == nil)
    #expect(try finding("Is it warm here?", ["is it warm here"]) == "100 % alike test:1")
    let near = Self.long.replacing("quick", with: "quickly")
    #expect(try finding(near, [Self.long], words: 50)?.hasSuffix(" % alike test:1") == true)
  }

  @Test("a script without blanks has words of a character")
  func ideographs() throws {
    #expect(try finding("他说今天天气很好我们去公园散步吧", ["我们去公园散步"]) != nil)
    #expect(try finding("他说今天天气很好", ["我们去公园散步"]) == nil)
  }

  @Test("curation refuses what shares words with evaluation files, says where, and the counts add up")
  func files() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("{\"q\":\"is it warm in the nursery\"}\n{\"q\":\"\"}\n", to: "\(folder)/test.jsonl")
      try AtomicFile.write("how cold is it in the hall\nx\n", to: "\(folder)/more.txt")
      let texts = [
        "> is it warm in the nursery\n< Yes.", "> is it warm in the attic\n< Yes.",
        "> How cold is it in the hall?\n< Very.",
      ]
      let lines = try texts.map { String(decoding: try JSONEncoder().encode(["text": $0]), as: UTF8.self) + "\n" }
      try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
      let alambic = AlambicCommand(in: folder)
      let outcome = try await alambic(
        "curate --input a.jsonl --against test.jsonl more.txt --against-text q --output out --json --near off")
      #expect(outcome.status == 0, "\(outcome)")
      let report = try outcome.json()
      #expect(report["rejected"] as? [String: Int] == ["contaminated": 2] && report["keptCount"] as? Int == 1)
      let rejections = String(decoding: try AtomicFile.read("\(folder)/out/rejections.jsonl"), as: UTF8.self)
      #expect(rejections.contains("6 words in common with test.jsonl:1"))
      #expect(rejections.contains("7 words in common with more.txt:1"))
      let alone = try await alambic("curate --input a.jsonl --against-words 5 --output out")
      #expect(alone.status == 64 && alone.standardError.contains("--against"))
    }
  }
}
