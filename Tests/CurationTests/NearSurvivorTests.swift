import Basics
import Curation
import Lineage
import Similarity
import Testing

@Suite("Which of near duplicates stays")
struct NearSurvivorTests {
  private func curation(_ texts: [String]) async throws -> Curation {
    var settings = CurationSettings()
    settings.nearDuplicates = try .init(threshold: 0.7)
    var curator = try Curator(settings: settings)
    let samples = texts.enumerated().map { number, text in
      Sample(
        promptID: ContentID(of: "prompt \(number)"), promptIndex: 0, text: text, finishReason: .stop, model: "m")
    }
    return try await curator.curate(samples).joiningNearDuplicates(as: settings, threadCount: 1)
  }

  /// In any order; case makes no difference to how alike they are.
  @Test("of texts that are as long and were said as often, the one with the least id")
  func leastID() async throws {
    let texts = ["Set the fan to high, please.", "set the fan to high, please.", "SET the fan to high, please."]
    let least = try #require(texts.map { ContentID(of: $0) }.min())
    for order in [texts, texts.reversed(), [texts[1], texts[2], texts[0]]] {
      let kept = try await curation(order).documents
      #expect(kept.map(\.id) == [least])
      #expect(kept.first?.repeats == 3)
    }
  }

  @Test("the longest before that, and what was said most often first of all")
  func longest() async throws {
    let short = "Set the fan to high, please"
    #expect(try await curation([short, "\(short)!!"]).documents.map(\.text) == ["\(short)!!"])
    #expect(try await curation(["\(short)!!", short, short]).documents.map(\.text) == [short])
  }
}
