import Basics
import Lineage
import Testing
import Vocabularies

@Suite struct TokenEncoderTests {
  /// "ab" 200, "abcd" 201, "bcde" 202, "ce" 203, of values that stand for nothing else; 255 is unknown.
  static func small() throws -> Vocabulary {
    try Vocabulary(
      strings: [200: Array("ab".utf8), 201: Array("abcd".utf8), 202: Array("bcde".utf8), 203: Array("ce".utf8)],
      unknownToken: 255)
  }

  @Test(arguments: [
    ("", []), ("a", [97]), ("ab", [200]), ("abc", [200, 99]), ("abcd", [201]), ("abce", [200, 203]),
    ("abcde", [201, 101]), ("bcde", [202]), ("bcd", [98, 99, 100]), ("xab\nab", [120, 200, 10, 200]),
  ])
  func greedyLongestMatch(_ text: String, _ tokens: [UInt8]) throws {
    let vocabulary = try Self.small()
    #expect(vocabulary.encode(Array(text.utf8)) == tokens)
    #expect(vocabulary.decode(tokens) == Array(text.utf8))
  }

  @Test func bytesThatTheVocabularyLacksBecomeTheUnknownToken() throws {
    var encoder = TokenEncoder(try Self.small())
    var tokens: [UInt8] = []
    encoder.put([97, 200, 98, 255, 99], to: &tokens)
    encoder.finish(to: &tokens)
    #expect(tokens == [97, 255, 98, 255, 99])
    #expect(encoder.unknownByteCount == 2)
    #expect(encoder.vocabulary.decode(tokens) == [97, 98, 99])
  }

  @Test func identityHoldsNothingBack() {
    var encoder = TokenEncoder(.bytes)
    var tokens: [UInt8] = []
    for byte in UInt8.min...UInt8.max {
      encoder.put(byte, to: &tokens)
      #expect(encoder.pending.isEmpty)
    }
    #expect(tokens == Array(UInt8.min...UInt8.max))
    #expect(encoder.unknownByteCount == 0)
  }

  /// Many random vocabularies over few letters, where beginnings overlap most; the longest strings decide 15 tokens at
  /// once.
  @Test func equalsTheNaiveOracleStreamedAndWhole() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<40 {
      let vocabulary = try Vocabulary.random(letterCount: 1 + generator.below(3), &generator)
      let encoder = TokenEncoder(vocabulary)
      for _ in 0..<20 {
        let text = (0..<generator.below(80)).map { _ in UInt8(97 + generator.below(4)) }
        let expected = naive(vocabulary, text)
        #expect(encoder.encode(text) == expected)
        #expect(vocabulary.decode(expected) == text)
        try expectStreamed(encoder, text, expected, &generator)
      }
    }
  }

  /// What is decided at a cut stays decided, and with the rest that is pending it is the text.
  private func expectStreamed(
    _ fresh: TokenEncoder, _ text: [UInt8], _ expected: [UInt8], _ generator: inout SeededGenerator
  ) throws {
    var encoder = fresh
    var tokens: [UInt8] = []
    for (index, byte) in text.enumerated() {
      encoder.put(byte, to: &tokens)
      #expect(expected.starts(with: tokens))
      #expect(encoder.pending.count < Vocabulary.longestTokenByteCount)
      #expect(encoder.vocabulary.decode(tokens) + encoder.pending == Array(text[...index]))
    }
    encoder.finish(to: &tokens)
    #expect(tokens == expected)
    #expect(encoder.pending.isEmpty)
  }

  private func naive(_ vocabulary: Vocabulary, _ text: [UInt8]) -> [UInt8] {
    var tokens: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      let fitting = (UInt8.min...UInt8.max).filter {
        let string = vocabulary.tokens[Int($0)]
        return !string.isEmpty && rest.starts(with: string)
      }
      let best = fitting.max { vocabulary.tokens[Int($0)].count < vocabulary.tokens[Int($1)].count }
      tokens.append(best ?? vocabulary.unknownToken ?? 0)
      rest = rest.dropFirst(best.map { vocabulary.tokens[Int($0)].count } ?? 1)
    }
    return tokens
  }
}

extension Vocabulary {
  /// Up to 100 strings of the first letters.
  static func random(letterCount: Int, _ generator: inout SeededGenerator) throws -> Vocabulary {
    var strings = Set<[UInt8]>()
    for _ in 0...generator.below(100) {
      strings.insert((0..<2 + generator.below(15)).map { _ in UInt8(97 + generator.below(letterCount)) })
    }
    let sorted = strings.sorted { $0.lexicographicallyPrecedes($1) }
    return try Vocabulary(
      strings: Dictionary(uniqueKeysWithValues: zip(UInt8(128)..., sorted)), unknownToken: 255)
  }
}
