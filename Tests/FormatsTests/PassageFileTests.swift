import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// Lists that are cut from files, read as `ask` reads them.
@Suite("Passages and examples of a file")
struct PassageFileTests {
  /// The words of a recipe's list `piece` over one file.
  private func words(_ bytes: [UInt8], in name: String, _ keys: String = "", as kind: String = "passages") throws
    -> [PromptWord]
  {
    try withFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      try AtomicFile.write(
        """
        schema: alambic.recipe/1
        name: faq
        description: A test.
        seed: 3
        teacher: t
        prompting:
          templates: ["{piece}"]
          lists:
            piece: {\(kind): \(name)\(keys)}
          count: 1
        shipping: {license: CC0-1.0}
        """, to: "\(folder)/recipe.yaml")
      return try RecipeFile.read("\(folder)/recipe.yaml").lists["piece"]?.words ?? []
    }
  }

  private func words(_ text: String, in name: String, _ keys: String = "", as kind: String = "passages") throws
    -> [PromptWord]
  {
    try words(Array(text.utf8), in: name, keys, as: kind)
  }

  @Test("paragraphs are joined while they fit, and know their lines")
  func text() throws {
    let text = "One is here.\nIt goes on.\n\n\nTwo.\n\n" + String(repeating: "x", count: 50) + "\n\nFour.\n"
    #expect(
      try words(text, in: "a.txt", ", bytes: 40") == [
        PromptWord("One is here.\nIt goes on.\n\nTwo.", label: "a.txt:1-5"),
        PromptWord(String(repeating: "x", count: 40), label: "a.txt:7"),
        PromptWord(String(repeating: "x", count: 10) + "\n\nFour.", label: "a.txt:7-9"),
      ])
  }

  @Test("long paragraphs are cut behind sentences, else at white space")
  func cuts() throws {
    let found = try words(
      "The kettle boils in a minute or two. It is\nquiet. Never open the lid while it boils, for steam is hot",
      in: "a.txt",
      ", bytes: 48")
    #expect(
      found == [
        PromptWord("The kettle boils in a minute or two.", label: "a.txt:1"),
        PromptWord("It is\nquiet. Never open the lid while it boils,", label: "a.txt:1-2"),
        PromptWord("for steam is hot", label: "a.txt:2"),
      ])
  }

  @Test("what has neither letter nor digit is no passage")
  func rules() throws {
    #expect(try words("---\n\nOne.\n\n***\n", in: "a.txt", ", bytes: 40").map(\.text) == ["---\n\nOne.\n\n***"])
    #expect(try words("{\"a\": \"---\"}\n{\"a\": \"7\"}\n", in: "a.jsonl", ", field: a").map(\.text) == ["7"])
  }

  @Test("a heading of Markdown begins a passage and stays with its text; in code it is none")
  func markdown() throws {
    let text =
      "# Kettle\n\n## Descaling\n\nUse vinegar.\n\nRinse.\n## Care ##\nDry it.\n\n"
      + "```sh\n# no heading\n```\n#5 is no heading\n"
    #expect(
      try words(text, in: "a.md") == [
        PromptWord("## Descaling\n\nUse vinegar.\n\nRinse.", label: "a.md:3-7"),
        PromptWord("## Care ##\n\nDry it.\n\n```sh\n# no heading\n```\n#5 is no heading", label: "a.md:8-14"),
      ])
  }

  @Test("records of JSON lines and tables are passages of their own")
  func records() throws {
    let lines =
      "{\"q\": \"Is it hot?\", \"a\": \"Yes,\\nvery.\"}\n\n{\"a\": \" \"}\n{\"a\": \"No: \\u00e9\", \"b\": NaN}\n"
    #expect(
      try words(lines, in: "f.jsonl", ", field: a") == [
        PromptWord("Yes,\nvery.", label: "f.jsonl:1"), PromptWord("No: é", label: "f.jsonl:4"),
      ])
    let table = "id,\"text\"\r\n1,\"a \"\"b\"\",\r\nc\"\r\n\r\n2,plain\r\n3,\r\n4,plain"
    #expect(
      try words(table, in: "f.csv", ", field: text") == [
        PromptWord("a \"b\",\nc", label: "f.csv:2-3"), PromptWord("plain", label: "f.csv:5"),
      ])
    #expect(
      try words("a\tb\nx, y\tz\n", in: "f.tsv", ", field: a") == [PromptWord("x, y", label: "f.tsv:2")])
  }

  @Test("line ends of every kind and a byte order mark change nothing")
  func lineEnds() throws {
    let plain = "# A\n\nOne.\nTwo.\n\nThree, ä.\n"
    let expected = try words(plain, in: "a.md")
    #expect(expected.count == 1)
    for end in ["\r\n", "\r"] {
      #expect(try words(plain.replacing("\n", with: end), in: "a.md") == expected)
      #expect(try words([0xEF, 0xBB, 0xBF] + Array(plain.replacing("\n", with: end).utf8), in: "a.md") == expected)
    }
  }

  @Test("nothing of a text is lost or made up, and no passage is too long", arguments: [40, 64, 200, 5000])
  func wholeness(limit: Int) throws {
    var random = SeededGenerator(seed: UInt64(limit))
    for _ in 0..<40 {
      var (text, used) = ("", UInt32(0))
      for _ in 0..<(1 + random.below(120)) {
        // No character comes twice: a piece that is another's copy would be left out.
        let first: UInt32 = [0x100, 0x4E00, 0x20000][random.below(3)]
        for _ in 0..<(1 + random.below(20)) {
          used += 1
          text.unicodeScalars.append(Unicode.Scalar((first == 0x100 && used > 300 ? 0x4E00 : first) + used) ?? "?")
        }
        text += [" ", ". ", "\n", "\n\n", "  \n \n"][random.below(5)]
      }
      let found = try words(text, in: "a.txt", ", bytes: \(limit)")
      #expect(found.allSatisfy { $0.text.utf8.count <= limit })
      func letters(_ text: String) -> String { String(text.filter { !$0.isWhitespace && $0 != "." }) }
      #expect(letters(found.map(\.text).joined()) == letters(text))
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for word in found {
        let places = word.label.dropFirst("a.txt:".count).split(separator: "-").compactMap { Int($0) }
        let (first, last) = (places[0], places.count > 1 ? places[1] : places[0])
        #expect(letters(lines[(first - 1)..<last].joined()).contains(letters(word.text)), "\(word)")
      }
    }
  }

  @Test("examples stand together in a seeded order; each is shown as often as the others")
  func examples() throws {
    let text = (1...7).map { "> ask \($0)\n< reply \($0)" }.joined(separator: "\n\n")
    let found = try words(text, in: "shots.txt", ", shown: 3", as: "examples")
    #expect(try found.count == 7 && found == words(text, in: "shots.txt", ", shown: 3", as: "examples"))
    for number in 1...7 { #expect(found.count { $0.text.contains("reply \(number)") } == 3) }
    #expect(found.allSatisfy { $0.text.split(separator: "\n\n").count == 3 })
    #expect(Set(found.map(\.text)).count == 7 && found[0].label.hasPrefix("shots.txt:"))
    #expect(throws: HintedError.self) { try words(text, in: "shots.txt", ", shown: 8", as: "examples") }
  }

  @Test(
    "what cannot be cut says where and why",
    arguments: [
      ("a.txt", "", "", "holds no text"), ("a.txt", " \n\t\n", "", "holds no text"),
      ("a.md", "# Only\n\n## Headings\n", "", "holds no text"),
      ("a.txt", "one\n\u{1}two", "", "line 2, holds a control character"),
      ("a.txt", "x", ", field: a", "has no fields"),
      ("a.pdf", "x", "", "ends like none of"), ("a.jsonl", "{\"a\": \"b\"}", "", "has fields, and none is named"),
      ("a.jsonl", "{\"a\": \"b\"}\n[1]\n", ", field: a", "line 2, is not a JSON object"),
      ("a.jsonl", "{\"answer\": \"b\"}\n", ", field: answr", "line 1, has no 'answr'"),
      ("a.jsonl", "{\"a\": 7}\n", ", field: a", "has a 'a' that is not text"),
      ("a.csv", "text,b\nx\n", ", field: text", "line 2, has 1 columns, and the first line 2"),
      ("a.csv", "text\n\"x\n\n", ", field: text", "line 2: a quote has no end"),
      ("a.csv", "text\n\"x\"y\n", ", field: text", "line 2: text stands behind"),
      ("a.csv", "text,b\n", ", field: text", "holds no text"), ("a.csv", "text,b\n", ", field: c", "has no 'c'"),
      ("a.txt", "x", ", bytes: 39", "outside 40"),
      ("a.txt", "x", ", shown: 2", "is not a known key"),
    ])
  func refusals(name: String, text: String, keys: String, said: String) throws {
    let error = #expect(throws: HintedError.self) {
      try words(text, in: name, keys)
    }
    #expect(error?.message.contains(said) == true, "\(String(describing: error))")
  }

  @Test("bytes that are no UTF-8 are refused with their line")
  func damage() throws {
    let error = #expect(throws: HintedError.self) {
      try words(Array("ok\nstill\n".utf8) + [0x66, 0xFC, 0x72], in: "a.txt")
    }
    #expect(error?.message.contains("line 3, is not valid UTF-8") == true)
  }
}
