import Basics
import Curation
import Lineage
import Testing

@Suite("Train / held-out split")
struct DocumentSplitterTests {
  private let texts = (0..<4_000).map { "document \($0)" }

  @Test("The held-out share is the fraction, within five standard deviations", arguments: [0.05, 0.1, 0.5])
  func fraction(_ fraction: Double) {
    let splitter = DocumentSplitter(heldOutFraction: fraction, seed: 7)
    let share = Double(texts.count { splitter.split(of: $0) == .heldOut }) / Double(texts.count)
    #expect(abs(share - fraction) < 5 * (fraction * (1 - fraction) / Double(texts.count)).squareRoot())
  }

  @Test("0 holds nothing out and 1 holds all out")
  func extremes() {
    #expect(texts.allSatisfy { DocumentSplitter(heldOutFraction: 0, seed: 1).split(of: $0) == .train })
    #expect(texts.allSatisfy { DocumentSplitter(heldOutFraction: 1, seed: 1).split(of: $0) == .heldOut })
  }

  @Test("A larger fraction only moves documents out of training")
  func monotone() {
    let small = DocumentSplitter(heldOutFraction: 0.1, seed: 7)
    let large = DocumentSplitter(heldOutFraction: 0.2, seed: 7)
    #expect(texts.allSatisfy { small.split(of: $0) == .train || large.split(of: $0) == .heldOut })
  }

  /// By SplitMix64 in another language, from the first 8 bytes of the SHA-256 of "document0" and so on: a release that
  /// deals otherwise moves documents from training to what a student is measured on.
  @Test("The sides of some documents are known")
  func known() {
    let splitter = DocumentSplitter(heldOutFraction: 0.5, seed: 7)
    let sides = texts.prefix(24).map { splitter.split(of: $0) == .heldOut ? "h" : "t" }
    #expect(sides.joined() == "tthtthhhhttththhtthhhtth")
  }

  @Test("Another seed is another split")
  func seed() {
    let first = DocumentSplitter(heldOutFraction: 0.5, seed: 1)
    let second = DocumentSplitter(heldOutFraction: 0.5, seed: 2)
    let moved = texts.count { first.split(of: $0) != second.split(of: $0) }
    #expect((1_800...2_200).contains(moved))
  }

  @Test("Samples that are added or removed never move other documents")
  func stable() throws {
    let samples = (0..<200).map { sample("It is \($0) degrees in here.", index: $0) }
    var all = try Curator(settings: CurationSettings(heldOutFraction: 0.3))
    var some = all
    let splits = Dictionary(uniqueKeysWithValues: all.curate(samples).documents.map { ($0.id, $0.split) })
    for document in some.curate(samples.reversed().prefix(90)).documents {
      #expect(splits[document.id] == document.split)
    }
  }

  @Test("Texts of one wording lie on one side, whatever seed and however they are written")
  func twins() {
    let wordings = [
      ["Turn it up.", "turn it up", "TURN  IT UP!", "turn-it-up"], ["don't", "dont", "Don\u{2019}t"],
      ["Größe: 5", "größe 5"], ["Été à Nîmes", "ÉTÉ, À NÎMES"],
    ]
    for seed in 0..<64 as Range<UInt64> {
      let splitter = DocumentSplitter(heldOutFraction: 0.5, seed: seed)
      for texts in wordings { #expect(Set(texts.map { splitter.split(of: $0) }).count == 1, "\(texts), seed \(seed)") }
    }
    // What has no letters and digits has its own wording; so have a digit and another one.
    for (one, other) in [("?!", "!?"), ("☂", "☀"), ("5 °C", "6 °C")] {
      let sides = (0..<64 as Range<UInt64>).map { seed in
        let splitter = DocumentSplitter(heldOutFraction: 0.5, seed: seed)
        return splitter.split(of: one) == splitter.split(of: other)
      }
      #expect(sides.contains(false), "\(one) and \(other)")
    }
  }
}
