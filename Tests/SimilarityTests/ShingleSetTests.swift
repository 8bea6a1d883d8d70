import Basics
import Similarity
import Testing

@Suite("Shingle sets")
struct ShingleSetTests {
  private static func set(_ text: String) -> ShingleSet {
    var shingles = Shingles()
    shingles.read(text)
    return ShingleSet(shingles)
  }

  @Test("are alike exactly where the meter says so, to the last bit of the threshold")
  func meter() {
    var generator = SeededGenerator(seed: 4)
    var meter = JaccardMeter()
    var texts = ["", "?!", "a", "ab", "aaaaaaaaaaaaaaaaaaaa", "abababababababab"]
    for count in [1, 2, 7, 20, 60] {
      let text = SimilarityFixture.text(count, &generator)
      texts += [text, text + text]
      texts += [0.02, 0.1, 0.4].map { SimilarityFixture.copy(of: text, changing: $0, &generator) }
    }
    var counts = [false: 0, true: 0]
    for first in texts {
      for second in texts {
        let similarity = meter.similarity(first, second)
        for threshold in [0.3, 0.5, 0.7, 1, similarity, similarity.nextUp, similarity.nextDown] where threshold > 0 {
          let isAlike = Self.set(first).isAlike(Self.set(second), atLeast: threshold)
          #expect(isAlike == (similarity >= threshold), "\(first) \(second) \(threshold)")
          counts[isAlike, default: 0] += 1
        }
      }
    }
    #expect(counts.values.allSatisfy { $0 > 100 }, "\(counts)")
  }

  /// Hundreds share a band, and nearly all pairs of them are below the threshold.
  @Test("texts of one template are joined where they are alike, and nowhere else")
  func templates() async throws {
    var generator = SeededGenerator(seed: 5)
    let texts = (0..<1500).map { _ in "text \(100_000 + generator.below(300_000)) and more words of it" }
    let roots = try await rootsOf(texts, threshold: 0.65)
    let sets = DisjointSets()
    for _ in texts { try sets.append() }
    let shingles = texts.map { Self.set($0) }
    for (number, set) in shingles.enumerated() {
      for other in 0..<number where set.isAlike(shingles[other], atLeast: 0.65) { sets.join(number, other) }
    }
    let joined = texts.indices.filter { sets.root(of: $0) != $0 }
    #expect((100..<1400).contains(joined.count), "\(joined.count)")
    for number in texts.indices { #expect(sets.root(of: number) == sets.root(of: roots[number])) }
    let found = texts.indices.count { roots[$0] != $0 }
    #expect(Double(found) > 0.95 * Double(joined.count), "\(found) of \(joined.count)")
  }
}
