import Basics
import Formats
import Networks
import Testing

@Suite("Vectors and transcripts")
struct VectorsTests {
  /// The hexadecimal dump of docs/formats/vectors.md.
  static let documented = "41544f4d4556454301000000400000000100000002000000" + "0100000041"

  @Test("the example of the specification")
  func specification() throws {
    let vectors = try VerificationVectors(prompts: [Array("A".utf8)], generatedByteCount: 2, contextLength: 64)
    #expect(vectors.bytes.hexString == Self.documented)
    #expect(try VerificationVectors(reading: vectors.bytes, name: "v") == vectors)
    #expect(vectors.logitCount == 2 * 256)
  }

  /// The second dump of docs/formats/vectors.md.
  static let documentedSampled =
    "41544f4d4556454302000000400000000100000088130000" + "0100000000000000" + "20030000" + "28000000" + "b6030000"
    + "0700000000000000" + "0100000041"

  @Test("the example of the specification, sampled")
  func sampledSpecification() throws {
    let vectors = try VerificationVectors(
      prompts: [Array("A".utf8)], generatedByteCount: 5000, contextLength: 64,
      sampling: try Sampling(temperature: 800, topK: 40, topP: 950, seed: 7), hasLogits: false)
    #expect(vectors.bytes.hexString == Self.documentedSampled)
    #expect(try VerificationVectors(reading: vectors.bytes, name: "v") == vectors)
    #expect(vectors.logitCount == 0)
  }

  /// The third dump of docs/formats/vectors.md.
  static let documentedTexts =
    "41544f4d4556454303000000400000000100000002000000" + "0000000001000000" + "00000000" + "00000000" + "00000000"
    + "0000000000000000" + "01000000" + "0100000041" + "03000000746865" + "bb787bff"

  @Test("the example of the specification, with a text")
  func textSpecification() throws {
    let vectors = try VerificationVectors(
      prompts: [Array("A".utf8)], generatedByteCount: 2, contextLength: 64, texts: [Array("the".utf8)])
    #expect(vectors.bytes.hexString == Self.documentedTexts)
    #expect(try VerificationVectors(reading: vectors.bytes, name: "v") == vectors)
    let th = Transcript.Token(token: 128, text: Array("th".utf8))
    let e = Transcript.Token(token: 101, text: Array("e".utf8))
    let transcript = Transcript(
      answers: [Transcript.Answer(generated: [1, 2], logitBits: [UInt32](repeating: 0, count: 512))],
      textAnswers: [Transcript.TextAnswer(steps: [[], [th], [e], []])])
    let bytes = transcript.bytes(answering: vectors)
    #expect(Array(bytes[8..<28]).hexString == "0300000001000000020000000000000001000000")
    #expect(Array(bytes.suffix(15)).hexString == "00" + "0380746800" + "02656500" + "00" + Transcript.endMark.hexString)
    #expect(try Transcript(reading: bytes, name: "t", answering: vectors) == transcript)
  }

  @Test("a checksum vouches for version 3, and behind it counts and lengths have their limits")
  func textLimits() throws {
    let bytes = try TestVectors.texts.bytes
    for offset in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[offset] ^= 1 << bit
        #expect(throws: HintedError.self, "\(offset)") { try VerificationVectors(reading: changed, name: "v") }
      }
    }
    for (offset, value) in [(24, UInt8(2)), (28, 4), (36, 0), (52, 0), (52, 1), (52, 3), (54, 1)] {
      var changed = Array(bytes.dropLast(4))
      changed[offset] = value
      let sum = CRC32.checksum(changed)
      changed += (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
      #expect(throws: HintedError.self, "\(offset)") { try VerificationVectors(reading: changed, name: "v") }
    }
    #expect(throws: HintedError.self) {
      try VerificationVectors(prompts: [[65]], generatedByteCount: 1, contextLength: 1, texts: [[65], []])
    }
    #expect(throws: HintedError.self) {
      let long = [UInt8](repeating: 65, count: 65_537)
      _ = try VerificationVectors(prompts: [[65]], generatedByteCount: 1, contextLength: 1, texts: [long])
    }
  }

  @Test("what version 1 can say is said in version 1, and the rest survives in versions 2 and 3")
  func versions() throws {
    let small = try TestVectors.small
    #expect(small.bytes[8] == 1)
    let sampled = try TestVectors.sampled
    #expect(sampled.bytes[8] == 2)
    let long = try VerificationVectors(prompts: [[65]], generatedByteCount: 4097, contextLength: 1)
    #expect(try TestVectors.texts.bytes[8] == 3)
    for vectors in [small, sampled, long, try TestVectors.texts] {
      #expect(try VerificationVectors(reading: vectors.bytes, name: "v") == vectors)
    }
    #expect(sampled.sampling(ofPrompt: 0) == nil && sampled.sampling(ofPrompt: 1) == sampled.sampling)
  }

  @Test("settings without a sampled prompt, and flags that are not known, are refused")
  func settings() throws {
    let bytes = try TestVectors.sampled.bytes
    for (offset, value) in [(24, UInt8(2)), (28, 3), (28, 4), (32, 1), (36, 0), (43, 1)] {
      var changed = bytes
      changed[offset] = value
      changed[33] = offset == 32 ? 0 : changed[33]
      #expect(throws: HintedError.self, "\(offset)") { try VerificationVectors(reading: changed, name: "v") }
    }
  }

  @Test("every truncation of a vectors file is refused, and so is a byte more")
  func truncatedVectors() throws {
    for bytes in [try TestVectors.small.bytes, try TestVectors.sampled.bytes, try TestVectors.texts.bytes] {
      for count in 0..<bytes.count {
        #expect(throws: HintedError.self) { try VerificationVectors(reading: Array(bytes[..<count]), name: "v") }
      }
      #expect(throws: HintedError.self) { try VerificationVectors(reading: bytes + [0], name: "v") }
    }
  }

  @Test(
    "values outside their limits are refused",
    arguments: [(0, 1, 1), (1, 0, 1), (1, 1_048_577, 1), (1, 1, 0), (1, 1, 65_537), (65_537, 1, 1), (4096, 4096, 1)])
  func limits(promptCount: Int, generatedByteCount: Int, contextLength: Int) {
    #expect(throws: HintedError.self) {
      try VerificationVectors(
        prompts: [[UInt8]](repeating: [65], count: promptCount), generatedByteCount: generatedByteCount,
        contextLength: contextLength)
    }
  }

  @Test("an empty prompt is refused")
  func emptyPrompt() {
    #expect(throws: HintedError.self) {
      try VerificationVectors(prompts: [[65], []], generatedByteCount: 1, contextLength: 1)
    }
  }

  @Test("a transcript survives the round trip, and no truncation of it is taken for one")
  func transcript() throws {
    let vectors = try TestVectors.small
    let silent = try VerificationVectors(
      prompts: vectors.prompts, generatedByteCount: 5, contextLength: 4, hasLogits: false)
    try expectRoundTrip(silent)
    try expectRoundTrip(vectors)
    try expectRoundTrip(try TestVectors.texts)
  }

  private func expectRoundTrip(_ vectors: VerificationVectors) throws {
    let transcript = TestVectors.transcript(of: vectors)
    let bytes = transcript.bytes(answering: vectors)
    #expect(try Transcript(reading: bytes, name: "t", answering: vectors) == transcript)
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: HintedError.self) {
        try Transcript(reading: Array(bytes[..<count]), name: "t", answering: vectors)
      }
    }
    #expect(throws: HintedError.self) { try Transcript(reading: bytes + [0], name: "t", answering: vectors) }
  }

  @Test("a transcript that answers other vectors is refused")
  func otherVectors() throws {
    let vectors = try TestVectors.small
    let bytes = TestVectors.transcript(of: vectors).bytes(answering: vectors)
    let other = try VerificationVectors(
      prompts: vectors.prompts, generatedByteCount: vectors.generatedByteCount + 1, contextLength: 8)
    #expect(throws: HintedError.self) { try Transcript(reading: bytes, name: "t", answering: other) }
  }
}

/// Questions that are answered in no time, and answers that count upwards.
enum TestVectors {
  static var small: VerificationVectors {
    get throws {
      try VerificationVectors(
        prompts: ["set 21", "\u{0}", "é: \u{1F525}"].map { Array($0.utf8) }, generatedByteCount: 5, contextLength: 4)
    }
  }

  /// The first prompt greedily, the others not.
  static var sampled: VerificationVectors {
    get throws {
      try VerificationVectors(
        prompts: try small.prompts, generatedByteCount: 5, contextLength: 4,
        sampling: try Sampling(temperature: 700, topK: 40, topP: 900, seed: 1 << 40), greedyPromptCount: 1)
    }
  }

  /// The first prompt greedily, the others not, and two texts.
  static var texts: VerificationVectors {
    get throws {
      try VerificationVectors(
        prompts: try small.prompts, generatedByteCount: 2, contextLength: 4,
        sampling: try Sampling(temperature: 700, topK: 40, topP: 900, seed: 1 << 40), greedyPromptCount: 1,
        texts: [[0, 255], Array("kitchen".utf8)])
    }
  }

  static func transcript(of vectors: VerificationVectors) -> Transcript {
    Transcript(
      answers: vectors.prompts.indices.map { index in
        Transcript.Answer(
          generated: (0..<vectors.generatedByteCount).map { UInt8(65 + $0) },
          logitBits: (0..<vectors.logitCount(ofPrompt: index)).map {
            Float($0 + index).bitPattern
          })
      }, textAnswers: vectors.texts.map(textAnswer))
  }

  /// Every second byte decides a token, the end another two.
  private static func textAnswer(to text: [UInt8]) -> Transcript.TextAnswer {
    let token = Transcript.Token(token: 7, text: Array(text.prefix(2)))
    let steps = text.indices.map { $0.isMultiple(of: 2) ? [] : [token] }
    return Transcript.TextAnswer(steps: steps + [[token, Transcript.Token(token: 255, text: [])]])
  }
}
