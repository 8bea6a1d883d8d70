import Basics
import Testing

@Suite("Differences of texts")
struct TextDifferenceTests {
  private func side(_ side: TextDifference.Side, of pieces: [TextDifference.Piece]) -> String {
    pieces.filter { $0.side == .both || $0.side == side }.map(\.text).joined()
  }

  @Test("a changed word is one removal and one insertion")
  func word() {
    let pieces = TextDifference.pieces("It is cold, Anna.", "It is warm, Anna.")
    #expect(
      pieces == [
        .init(.both, "It is "), .init(.first, "cold"), .init(.second, "warm"), .init(.both, ", Anna."),
      ])
    #expect(TextDifference.pieces("same", "same") == [.init(.both, "same")])
    #expect(TextDifference.pieces("", "") == [])
  }

  @Test("pieces of a side and of both make that side's text", arguments: 0..<200)
  func whole(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let words = ["is", "it", " ", "\n", "é", "e\u{301}", "\u{1F600}", "20", ".", "cold"]
    func text() -> String { (0..<generator.below(12)).map { _ in words[generator.below(words.count)] }.joined() }
    let (first, second) = (text(), text())
    let pieces = TextDifference.pieces(first, second)
    // Bytes, not characters: a mark may stand in another piece than its letter.
    #expect(Array(side(.first, of: pieces).utf8) == Array(first.utf8))
    #expect(Array(side(.second, of: pieces).utf8) == Array(second.utf8))
  }

  @Test("texts of very many words are not compared")
  func long() {
    let long = String(repeating: "a ", count: 10_000)
    #expect(TextDifference.pieces(long, "a") == [.init(.first, long), .init(.second, "a")])
  }
}
