import Basics
import Similarity
import Testing

@Suite("The threshold of near duplicates")
struct NearThresholdTests {
  @Test(
    "texts just as alike as asked are joined, and not those that are less by the smallest number", arguments: 0..<20)
  func border(seed: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let text = SimilarityFixture.text(60, &generator)
    let copy = SimilarityFixture.copy(of: text, changing: 0.05, &generator)
    var meter = JaccardMeter()
    let similarity = meter.similarity(text, copy)
    // Searched from far below, so that no chance of a sketch decides.
    for (threshold, isJoined) in [(similarity, true), (similarity.nextUp, false)] {
      let settings = try NearDuplicateSettings(threshold: threshold, searchedFrom: 0.3)
      let sets = try await settings.sets(of: [text, copy], threadCount: 1)
      #expect((sets.root(of: 1) == 0) == isJoined, "\(similarity)")
    }
  }
}
