import Basics
import Lineage
import Testing
import Typing

@Suite("Careless typing")
struct CarelessTypingTests {
  private static let known: Set<String> = ["from", "form", "warm", "warn", "kitchen", "sensor", "the"]

  private func typing(_ noise: TypingNoise = TypingNoise(), care: Typist.Care = .otherWords) -> CarelessTyping {
    CarelessTyping(noise, typist: Typist(knownWords: Self.known, care: care))
  }

  private func typed(
    _ text: String, _ kind: CarelessTyping.Kind, care: Typist.Care = .otherWords, seed: UInt64 = 1
  ) -> String? {
    var random = SeededGenerator(seed: seed)
    return typing(care: care).mistyped(Array(text.utf8), by: kind, with: &random)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("Each kind does what it says, and nothing where there is nothing to do")
  func kinds() {
    #expect(typed("is it 20.5, or isn't it?", .unpunctuated) == "is it 20.5 or isnt it")
    #expect(typed("(warm the kitchen", .capitalized) == "(Warm the kitchen")
    #expect(typed("set it to 5 °c", .upper) == "SET IT TO 5 °C")
    #expect(typed("zürich", .upper) == "ZüRICH")
    #expect(typed("no marks", .unpunctuated) == nil && typed("42", .capitalized) == nil)
    #expect(typed("UP", .upper) == nil && typed("is on at 4 pm", .typo) == nil)
  }

  @Test("A typo changes one word of four letters or more by one slip", arguments: 0..<200 as Range<UInt64>)
  func typo(seed: UInt64) throws {
    let words = ["kitchen", "to", "21.5", "Sensor"]
    let text = words.joined(separator: " ")
    let changed = try #require(typed(text, .typo, seed: seed)).split(separator: " ").map(String.init)
    let different = zip(words, changed).filter { $0 != $1 }
    #expect(changed.count == 4 && different.count == 1)
    let (word, slip) = try #require(different.first)
    #expect(["kitchen", "Sensor"].contains(word) && abs(word.count - slip.count) <= 1)
    #expect(Self.distance(Array(word.lowercased()), Array(slip.lowercased())) == 1)
  }

  @Test("A slip is never another known word; of the nearest kind it is not even beside one")
  func care() {
    var others: Set<String> = []
    for seed in 0..<400 as Range<UInt64> {
      if let slip = typed("from", .typo, seed: seed) { others.insert(slip) }
      #expect(typed("warm", .typo, seed: seed).map { Self.known.contains($0) } != true)
      if let slip = typed("from", .typo, care: .nearWords, seed: seed) {
        #expect(Self.distance(Array(slip), Array("form")) > 1, "\(slip)")
      }
    }
    #expect(!others.contains("form") && others.count > 10)
  }

  @Test("Kinds come as often as the noise says, and the same generator types alike")
  func shares() {
    let noisy = typing(TypingNoise(typo: 0.25, upper: 0.5))
    let text = Array("warm the kitchen.".utf8)
    var (first, second) = (SeededGenerator(seed: 5), SeededGenerator(seed: 5))
    var (upper, typos) = (0, 0)
    for _ in 0..<4000 {
      let typed = noisy.mistyped(text, with: &first)
      #expect(typed == noisy.mistyped(text, with: &second))
      #expect(typed.last == UInt8(ascii: "."))
      if typed.contains(UInt8(ascii: "T")) || typed.contains(UInt8(ascii: "K")) { upper += 1 }
      if typed.map({ $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }) != text { typos += 1 }
    }
    #expect((1850...2150).contains(upper) && (850...1150).contains(typos))
    #expect(typing().mistyped(text, with: &first) == text)
  }

  /// Letters changed, added or left out, or neighbours swapped (restricted Damerau-Levenshtein distance).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
