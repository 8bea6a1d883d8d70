import Basics
import Lineage
import Testing
import Vocabularies

@Suite("segmentations of a text")
struct TokenSegmenterTests {
  private func segmented(
    _ tokens: [UInt8], _ vocabulary: Vocabulary, _ probability: Double, limit: Int = .max, seed: UInt64 = 1
  ) -> [UInt8] {
    var segmenter = TokenSegmenter(vocabulary, probability: probability)
    var (random, output) = (SeededGenerator(seed: seed), [UInt8]())
    segmenter.append(tokens[...], limit: limit, random: &random, to: &output)
    return output
  }

  @Test("with nothing passed over it is the plain segmentation, with everything it is bytes, and unknown stays unknown")
  func ends() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<40 {
      let vocabulary = try Vocabulary.random(letterCount: 1 + generator.below(3), &generator)
      // Bytes from 128 on are lacking, most of them.
      let text = (0..<generator.below(80)).map { _ in
        generator.below(9) == 0 ? UInt8(250 + generator.below(6)) : UInt8(97 + generator.below(4))
      }
      let plain = TokenEncoder(vocabulary).encode(text)
      #expect(segmented(plain, vocabulary, 0) == plain)
      let bytes = segmented(plain, vocabulary, 1)
      #expect(bytes == text.map { vocabulary.isByte($0) ? $0 : 255 })
    }
  }

  @Test("every segmentation stands for the same text, and a limit cuts it and changes nothing before")
  func sameText() throws {
    var generator = SeededGenerator(seed: 4)
    for seed in 0..<60 {
      let vocabulary = try Vocabulary.random(letterCount: 2, &generator)
      let text = (0..<60).map { _ in UInt8(97 + generator.below(2)) }
      let plain = TokenEncoder(vocabulary).encode(text)
      let whole = segmented(plain, vocabulary, 0.3, seed: UInt64(seed))
      #expect(vocabulary.decode(whole) == text)
      for limit in [1, 2, 7, 200] {
        #expect(segmented(plain, vocabulary, 0.3, limit: limit, seed: UInt64(seed)) == Array(whole.prefix(limit)))
      }
    }
  }

  /// "ab" 200, "abcd" 201: at "abcd" the long one stays with 1 - p, else the short one with 1 - p of the rest.
  @Test("each string is passed over as often as was said, whatever happens to the others", arguments: [0.1, 0.5])
  func shares(probability: Double) throws {
    let vocabulary = try Vocabulary(
      strings: [200: Array("ab".utf8), 201: Array("abcd".utf8)], unknownToken: 255)
    let count = 20_000
    let output = segmented([UInt8](repeating: 201, count: count), vocabulary, probability)
    let long = Double(output.count { $0 == 201 }) / Double(count)
    let short = Double(output.count { $0 == 200 }) / Double(count)
    // Four standard deviations.
    #expect(abs(long - (1 - probability)) < 0.0142)
    #expect(abs(short - probability * (1 - probability)) < 0.0142)
    #expect(vocabulary.decode(output).count == 4 * count)
  }
}
