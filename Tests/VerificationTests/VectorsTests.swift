import Basics
import Formats
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

  @Test("every truncation of a vectors file is refused, and so is a byte more")
  func truncatedVectors() throws {
    let bytes = try TestVectors.small.bytes
    for count in 0..<bytes.count {
      #expect(throws: HintedError.self) { try VerificationVectors(reading: Array(bytes[..<count]), name: "v") }
    }
    #expect(throws: HintedError.self) { try VerificationVectors(reading: bytes + [0], name: "v") }
  }

  @Test(
    "values outside their limits are refused",
    arguments: [(0, 1, 1), (1, 0, 1), (1, 4097, 1), (1, 1, 0), (1, 1, 65_537), (65_537, 1, 1), (4096, 4096, 1)])
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

  static func transcript(of vectors: VerificationVectors) -> Transcript {
    Transcript(
      answers: vectors.prompts.indices.map { index in
        Transcript.Answer(
          generated: (0..<vectors.generatedByteCount).map { UInt8(65 + $0) },
          logitBits: (0..<vectors.positionCount(ofPrompt: index) * 256).map {
            Float($0 + index).bitPattern
          })
      })
  }
}
