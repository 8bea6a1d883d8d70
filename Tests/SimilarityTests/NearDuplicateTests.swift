import Basics
import Similarity
import Testing

@Suite("Near duplicates")
struct NearDuplicateTests {
  @Test("similarity is Jaccard's, of runs of five folded characters")
  func jaccard() {
    var generator = SeededGenerator(seed: 1)
    var meter = JaccardMeter()
    for count in [1, 2, 5, 20, 90, 900] {
      let text = SimilarityFixture.text(count, &generator)
      for share in [0.0, 0.05, 0.3, 0.9] {
        let copy = SimilarityFixture.copy(of: text, changing: share, &generator)
        #expect(meter.similarity(text, copy) == SimilarityFixture.similarity(text, copy))
        #expect(meter.similarity(text, text) == 1)
      }
    }
  }

  @Test(
    "case, blanks and punctuation make no difference, and a text of nothing else is compared as it is",
    arguments: [
      ("Set the fan to HIGH!", "set the fan, to high", 1.0), ("a  b\n\nc d e", "A b-c D. (e)", 1),
      ("ÄPFEL und Birnen", "äpfel und\u{a0}birnen…", 1), ("?!?!?!", "?!?!?!", 1), ("?!", "...", 0), ("ab", "AB", 1),
      ("ab", "ac", 0), ("", "", 1),
    ])
  func folding(first: String, second: String, similarity: Double) {
    var meter = JaccardMeter()
    #expect(meter.similarity(first, second) == similarity)
  }

  /// Of 500 bytes and of 60: what is as alike as was said is found, what was not copied stays alone.
  @Test("planted copies are found and nothing else is", arguments: [(90, 0.05), (12, 0.08)])
  func planted(wordCount: Int, share: Double) async throws {
    var generator = SeededGenerator(seed: 2)
    let originals = (0..<4000).map { _ in SimilarityFixture.text(wordCount, &generator) }
    let copies = originals[..<2000].map { SimilarityFixture.copy(of: $0, changing: share, &generator) }
    let roots = try await rootsOf(originals + copies, threshold: 0.7)
    var (alike, found) = (0, 0)
    for (number, copy) in copies.enumerated() {
      let isAlike = SimilarityFixture.similarity(originals[number], copy) >= 0.7
      let isFound = roots[4000 + number] == number
      #expect(isAlike || !isFound)
      alike += isAlike ? 1 : 0
      found += isFound ? 1 : 0
    }
    #expect(alike > 1500 && Double(found) >= 0.985 * Double(alike), "\(found) of \(alike)")
    #expect(roots.prefix(4000).elementsEqual(0..<4000))
  }

  @Test("of 100,000 unrelated texts none are joined")
  func unrelated() async throws {
    var generator = SeededGenerator(seed: 3)
    let texts = (0..<100_000).map { _ in SimilarityFixture.text(30, &generator) }
    #expect(try await rootsOf(texts, threshold: 0.5).elementsEqual(texts.indices))
  }

  @Test("sets are the same in any order of texts and for any count of threads")
  func order() async throws {
    var generator = SeededGenerator(seed: 4)
    var texts = (0..<200).map { _ in SimilarityFixture.text(20, &generator) }
    // Chains, whose ends may be less alike than the threshold.
    for _ in 0..<800 {
      texts.append(SimilarityFixture.copy(of: texts[generator.below(texts.count)], changing: 0.2, &generator))
    }
    func sets(_ texts: [String], threadCount: Int) async throws -> Set<Set<String>> {
      let roots = try await rootsOf(texts, threshold: 0.6, threadCount: threadCount)
      return Set(Dictionary(grouping: texts.indices) { roots[$0] }.values.map { Set($0.map { texts[$0] }) })
    }
    let expected = try await sets(texts, threadCount: 1)
    #expect(expected.count < 900 && expected.count > 210)
    for threadCount in [1, 2, 7] {
      texts.shuffle(using: &generator)
      #expect(try await sets(texts, threadCount: threadCount) == expected)
    }
  }

  @Test("thresholds that are no similarity", arguments: [0, 0.29, 1.01, -1, Double.nan])
  func limits(threshold: Double) {
    #expect(throws: HintedError.self) { try NearDuplicateSettings(threshold: threshold) }
  }
}
