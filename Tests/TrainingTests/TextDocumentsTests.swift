import Basics
import Testing
import Training

@Suite("Documents of a plain text")
struct TextDocumentsTests {
  private let stories = (0..<200).map { number in "Story \(number).\n\nIt has \(number * 7919 % 1000) words." }

  private func cut(_ text: String) throws -> TextDocuments { try #require(TextDocuments(Array(text.utf8))) }

  /// What documents say, without line ends around it.
  private func texts(_ side: [UInt8], _ mark: String) -> [String] {
    String(decoding: side, as: UTF8.self).split(separator: mark.filter { $0 != "\n" })
      .map { String($0.drop(while: \.isNewline)) }.filter { !$0.isEmpty }
  }

  @Test(
    "no document lies on both sides, all are there, and about a tenth of the bytes is held out",
    arguments: ["\0", "<|endoftext|>\n"])
  func sides(mark: String) throws {
    let text = stories.map { $0 + mark }.joined()
    let documents = try cut(text)
    #expect(documents.separator == (mark == "\0" ? .nul : .endOfText) && documents.documentCount == 200)
    let (train, heldOut) = (texts(documents.train, mark), texts(documents.heldOut, mark))
    #expect(Set(train).isDisjoint(with: heldOut) && Set(train + heldOut) == Set(stories))
    #expect(
      heldOut.count == documents.heldOutDocumentCount
        && documents.train.count + documents.heldOut.count == text.utf8.count)
    #expect(abs(Double(documents.heldOut.count) / Double(text.utf8.count) - 0.1) < 0.01)
    // Nobody who sorts the file moves a document.
    let sorted = try cut(stories.sorted().map { $0 + mark }.joined())
    #expect(Set(texts(sorted.heldOut, mark)) == Set(heldOut))
  }

  @Test("where each line is a document, the order of lines moves none, and no text is taken so by itself")
  func lines() throws {
    let lines = (0..<300).map { "label\($0 / 100)\tquery \($0 * 7919 % 1000)" }
    let text = Array(lines.joined(separator: "\n").utf8)
    #expect(TextDocuments(text) == nil)
    let sorted = try #require(TextDocuments(text, separators: [.line]))
    #expect(sorted.separator == .line && sorted.documentCount == 300)
    let held = Set(texts(sorted.heldOut, "\r\n".replacing("\r\n", with: "\u{1}")).flatMap { $0.split(separator: "\n") })
    #expect(held.count == sorted.heldOutDocumentCount && Set(held.map { $0.prefix(6) }).count == 3)
    let other = try #require(
      TextDocuments(Array(lines.reversed().joined(separator: "\n").utf8), separators: [.line]))
    #expect(Set(String(decoding: other.heldOut, as: UTF8.self).split(separator: "\n")) == Set(held))
  }

  @Test("empty lines part documents where nothing else does, however lines end")
  func blankLines() throws {
    let lines = (0..<100).map { "line \($0)\nand another" }
    let documents = try cut(lines.joined(separator: "\n\n"))
    #expect(documents.separator == .blankLine && documents.documentCount == 100)
    let other = try cut(lines.map { $0.replacing("\n", with: "\r\n") }.joined(separator: "\r\n\r\n\r\n\r\n"))
    #expect(other.documentCount == 100 && other.heldOutDocumentCount >= 9)
    #expect(TextDocuments(Array("one line after another\n".utf8)) == nil)
    #expect(TextDocuments(Array(lines[..<19].joined(separator: "\n\n").utf8)) == nil)
  }

  @Test("equal documents lie on one side")
  func twins() throws {
    for copies in [2, 5] {
      let many = (0..<40).flatMap { number in
        (0..<copies).map { " document \(number)" + String(repeating: " ", count: $0) }
      }
      var generator = SeededGenerator(seed: 3)
      let documents = try cut(many.shuffled(using: &generator).joined(separator: "\0"))
      func said(_ side: [UInt8]) -> Set<String> {
        Set(texts(side, "\0").map { $0.split(separator: " ").joined(separator: " ") })
      }
      #expect(said(documents.train).isDisjoint(with: said(documents.heldOut)))
      #expect(documents.heldOutDocumentCount.isMultiple(of: copies))
    }
    // Where all are equal, none can be held out.
    #expect(TextDocuments(Array((0..<50).map { _ in "the same" }.joined(separator: "\0").utf8)) == nil)
  }

  @Test("documents of one wording lie on one side, and others where they lay")
  func wordings() throws {
    let plain = (0..<400).map { "document \($0 * 7919 % 1000)" }
    let loud = plain.enumerated().map { $0.isMultiple(of: 3) ? $1.uppercased() + "!" : "another \($0)" }
    let before = try cut(plain.joined(separator: "\0"))
    let documents = try cut((plain + loud).joined(separator: "\0"))
    func said(_ side: [UInt8]) -> Set<String> { Set(texts(side, "\0").map { $0.lowercased().filter { $0 != "!" } }) }
    #expect(said(documents.train).isDisjoint(with: said(documents.heldOut)))
    #expect(!said(before.heldOut).isDisjoint(with: said(documents.heldOut)))
  }
}
