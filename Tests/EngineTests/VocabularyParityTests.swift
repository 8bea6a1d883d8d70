import Basics
import CAtomeEngine
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
      try CEncoder.with(vocabulary) { encoder in
        for _ in 0..<10 {
          try Self.expectSameTokens(Self.text(letterCount: letterCount, &generator), reference, &encoder)
        }
      }
    }
  }

  @Test func decodedTokensAreTheSame() throws {
    var generator = SeededGenerator(seed: 9)
    let vocabulary = try Self.random(letterCount: 4, &generator)
    try CEncoder.with(vocabulary) { encoder in
      for token in UInt8.min...UInt8.max {
        #expect(encoder.bytes(of: token) == vocabulary.tokens[Int(token)])
      }
    }
  }

  private static func expectSameTokens(
    _ text: [UInt8], _ reference: TokenEncoder, _ encoder: inout CEncoder
  ) throws {
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

/// The C encoder over a vocabulary's section.
private struct CEncoder {
  private var encoder = atome_encoder()
  private let vocabulary: UnsafePointer<atome_vocabulary>

  /// The section stays in place while `body` runs.
  static func with(_ vocabulary: Vocabulary, _ body: (inout CEncoder) throws -> Void) throws {
    let section = VocabularyFile.write(vocabulary)
    try section.withUnsafeBufferPointer { section in
      var opened = atome_vocabulary()
      try #require(atome_vocabulary_open(&opened, section.baseAddress, section.count) == ATOME_OK)
      try withUnsafePointer(to: opened) { pointer in
        var encoder = CEncoder(vocabulary: pointer)
        try body(&encoder)
      }
    }
  }

  private init(vocabulary: UnsafePointer<atome_vocabulary>) { self.vocabulary = vocabulary }

  mutating func begin() { atome_encoder_begin(&encoder, vocabulary) }

  mutating func put(_ byte: UInt8, to tokens: inout [UInt8]) {
    atome_encoder_put(&encoder, byte)
    take(&tokens)
  }

  mutating func finish(to tokens: inout [UInt8]) {
    atome_encoder_finish(&encoder)
    take(&tokens)
  }

  private mutating func take(_ tokens: inout [UInt8]) {
    var token: UInt8 = 0
    while atome_encoder_next(&encoder, &token) != 0 { tokens.append(token) }
  }

  func bytes(of token: UInt8) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(ATOME_TOKEN_BYTES))
    let count = atome_token_bytes(vocabulary, token, &bytes)
    return Array(bytes.prefix(Int(count)))
  }
}
