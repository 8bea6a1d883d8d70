import Basics
import Similarity
import Testing

@Suite("Parts in common")
struct SharedPartsTests {
  private struct Texts: NumberedTexts {
    let texts: [[UInt8]]
    func bytes(of number: Int) -> [UInt8] { texts[number] }
  }

  /// The longest run of bytes that two texts have in common, by looking at all.
  private static func longest(_ first: [UInt8], _ second: [UInt8]) -> Int {
    var (best, row) = (0, [Int](repeating: 0, count: second.count + 1))
    for a in first {
      var diagonal = 0
      for (column, b) in second.enumerated() {
        let above = row[column + 1]
        row[column + 1] = a == b ? diagonal + 1 : 0
        best = max(best, row[column + 1])
        diagonal = above
      }
    }
    return best
  }

  /// Few letters, so that there are runs of all lengths; the least alphabets are the hardest to sort.
  @Test("whoever goes shares a part with one that stays, and nobody else; as by looking at all pairs", arguments: 1...6)
  func bruteForce(letters: Int) throws {
    var generator = SeededGenerator(seed: UInt64(letters))
    for round in 0..<30 {
      let texts = (0..<12).map { _ in
        (0..<generator.below(120)).map { _ in UInt8(97 + generator.below(letters)) }
      }
      let wanted = 16 + round
      let matches = try SharedParts(Texts(texts: texts), Array(texts.indices), leastByteCount: wanted)
        .matches { $0 < $1 }
      let gone = Set(matches.map(\.text))
      // In the order of the numbers, by looking at all pairs.
      var kept: [Int] = []
      for number in texts.indices {
        let isNew = kept.allSatisfy { Self.longest(texts[$0], texts[number]) < wanted }
        #expect(isNew == !gone.contains(number), "letters \(letters), round \(round), text \(number)")
        if isNew { kept.append(number) }
      }
      for match in matches {
        let part = Array(texts[match.text][match.place])
        #expect(part.count == wanted && kept.contains(match.other))
        #expect(Self.longest(part, texts[match.other]) == wanted)
      }
    }
  }

  @Test("a part ends where a text ends, and the bytes 0 and 1 are no part's")
  func ends() throws {
    let (a, b) = (Array(repeating: UInt8(65), count: 20), Array(repeating: UInt8(66), count: 20))
    let texts = Texts(texts: [a + b, a, b + [0, 1] + a, b.dropLast(5) + [0, 0], []])
    let matches = try SharedParts(texts, [0, 1, 2, 3, 4], leastByteCount: 20).matches { $0 < $1 }
    #expect(matches.map(\.text) == [1, 2])
    #expect(try SharedParts(texts, [3, 1], leastByteCount: 20).matches { $0 < $1 } == [])
  }
}
