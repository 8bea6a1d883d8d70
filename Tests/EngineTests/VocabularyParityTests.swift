import Basics
import Engine
import Formats
import Lineage
import Testing
import Vocabularies

/// The encoder that is flashed against the one that trained: the same tokens after every byte.
@Suite struct VocabularyParityTests {
  /// Random strings over few letters, where beginnings overlap most, and texts of those letters, of bytes that the
  /// vocabulary lacks, and of any bytes.
  @Test(arguments: [2, 3, 6])
  func tokensAreTheSameAfterEveryByte(letterCount: Int) throws {
    var generator = SeededGenerator(seed: UInt64(letterCount))
    for _ in 0..<20 {
      let vocabulary = try Self.random(letterCount: letterCount, &generator)
      let reference = TokenEncoder(vocabulary)
      let encoder = try CTokenEncoder(section: VocabularyFile.write(vocabulary))
      for _ in 0..<10 {
        try Self.expectSameTokens(Self.text(letterCount: letterCount, &generator), reference, encoder)
      }
    }
  }

  @Test func decodedTokensAreTheSame() throws {
    var generator = SeededGenerator(seed: 9)
    let vocabulary = try Self.random(letterCount: 4, &generator)
    let encoder = try CTokenEncoder(section: VocabularyFile.write(vocabulary))
    for token in UInt8.min...UInt8.max { #expect(encoder.text(of: token) == vocabulary.tokens[Int(token)]) }
  }

  private static func expectSameTokens(_ text: [UInt8], _ reference: TokenEncoder, _ encoder: CTokenEncoder) throws {
    var reference = reference
    var expected: [UInt8] = []
    var tokens: [UInt8] = []
    encoder.begin()
    for byte in text {
      reference.put(byte, to: &expected)
      encoder.put(byte, to: &tokens)
      try #require(tokens == expected, "\(text)")
    }
    reference.finish(to: &expected)
    encoder.finish(to: &tokens)
    try #require(tokens == expected, "\(text)")
  }

  private static func random(letterCount: Int, _ generator: inout SeededGenerator) throws -> Vocabulary {
    var strings = Set<[UInt8]>()
    for _ in 0...generator.below(60) {
      strings.insert((0..<2 + generator.below(15)).map { _ in UInt8(97 + generator.below(letterCount)) })
    }
    let sorted = strings.sorted { $0.lexicographicallyPrecedes($1) }
    return try Vocabulary(strings: Dictionary(uniqueKeysWithValues: zip(UInt8(128)..., sorted)), unknownToken: 255)
  }

  private static func text(letterCount: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    (0..<generator.below(200)).map { _ in
      generator.below(20) == 0 ? UInt8(generator.below(256)) : UInt8(97 + generator.below(letterCount))
    }
  }
}
