import Basics
import Lineage
import Testing
import Verification
import Vocabularies

@Suite("Texts that prove a vocabulary")
struct VerificationTextsTests {
  static let documents = (0..<2000).map { Array("document \($0) sets the kitchen to 19\n".utf8) }

  @Test("every token is met, and every byte value")
  func complete() throws {
    let vocabulary = try TextProofTests.vocabulary()
    let texts = VerificationTexts.proving(vocabulary, own: [], seed: 3)
    let encoder = TokenEncoder(vocabulary)
    #expect(Set(texts.flatMap(encoder.encode)) == Set(UInt8.min...UInt8.max))
    #expect(Set(texts.joined()) == Set(UInt8.min...UInt8.max))
  }

  @Test("strings are met where they are cut: at the end of a text, and inside longer ones")
  func spliced() throws {
    let vocabulary = try TextProofTests.vocabulary()
    let texts = VerificationTexts.proving(vocabulary, own: [], seed: 3)
    let spliced = texts.suffix(VerificationTexts.splicedByteCount / 256)
    #expect(spliced.reduce(0) { $0 + $1.count } == VerificationTexts.splicedByteCount)
    var encoder = TokenEncoder(vocabulary)
    var heldBack: Set<[UInt8]> = []
    var decidedTogether = 0
    for text in spliced {
      encoder.reset()
      for byte in text {
        var tokens: [UInt8] = []
        encoder.put(byte, to: &tokens)
        decidedTogether = max(decidedTogether, tokens.count)
        heldBack.insert(encoder.pending)
      }
    }
    // Every proper beginning of a string that some longer one goes on from, as long as it is not decided at once.
    #expect(heldBack.isSuperset(of: [" kit", " kitche", "aba", "ab", "th", "bc"].map { Array($0.utf8) }))
    #expect(decidedTogether >= 3)
  }

  @Test("a corpus's texts are taken from all of it, and no more than is stated")
  func own() throws {
    let vocabulary = try TextProofTests.vocabulary()
    let without = VerificationTexts.proving(vocabulary, own: [], seed: 0)
    let with = VerificationTexts.proving(vocabulary, own: Self.documents, seed: 0)
    let own = with.filter { Self.documents.contains($0) }
    let byteCount = with.reduce(0) { $0 + $1.count } - without.reduce(0) { $0 + $1.count }
    #expect((VerificationTexts.ownByteCount / 2...VerificationTexts.ownByteCount).contains(byteCount))
    let last = try #require(own.last)
    #expect(own.first == Self.documents.first && Self.documents.suffix(100).contains(last))
    let long = VerificationTexts.proving(vocabulary, own: [[UInt8](repeating: 65, count: 1 << 20)], seed: 0)
    #expect(long.contains([UInt8](repeating: 65, count: VerificationTexts.ownByteCount)))
  }

  @Test("the same seed gives the same texts, another one others; bytes need no proof")
  func seeded() throws {
    let vocabulary = try TextProofTests.vocabulary()
    let texts = VerificationTexts.proving(vocabulary, own: Self.documents, seed: 1)
    #expect(VerificationTexts.proving(vocabulary, own: Self.documents, seed: 1) == texts)
    #expect(VerificationTexts.proving(vocabulary, own: Self.documents, seed: 2) != texts)
    #expect(VerificationTexts.proving(.bytes, own: Self.documents, seed: 1).isEmpty)
  }
}
