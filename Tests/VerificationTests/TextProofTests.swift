import Basics
import Engine
import Firmware
import Formats
import Lineage
import Model
import Networks
import TestSupport
import Testing
import Verification
import Vocabularies

/// The vocabulary is proven as the logits are: the same tokens after every byte, and the same bytes of every token.
@Suite("Texts, encoded and decoded everywhere")
struct TextProofTests {
  /// Each a beginning, an end or an overlap of another; 0x80 to 0x86 are lacking as bytes, and 0xFF is.
  static let words = [" kit", " kitchen", "ab", "abab", "abc", "bcd", "the"]

  static func vocabulary(_ words: [String] = words) throws -> Vocabulary {
    let strings = Dictionary(uniqueKeysWithValues: zip(UInt8(0x80)..., words.map { Array($0.utf8) }))
    return try Vocabulary(strings: strings, unknownToken: 0xFF)
  }

  static func floatImage(_ vocabulary: Vocabulary) -> [UInt8] {
    AtomeImageFile.write(RandomModel.make(seed: 7, shape: RandomModel.small), vocabulary: vocabulary, provenance: nil)
  }

  static func integerImage(_ vocabulary: Vocabulary) -> [UInt8] {
    IntegerImageFile.write(
      RandomModel.makeInteger(seed: 7, shape: RandomModel.small, cache: .int8), vocabulary: vocabulary, provenance: nil)
  }

  static func vectors(_ vocabulary: Vocabulary) throws -> VerificationVectors {
    let documents = ["set the kitchen to 19\n", "ab abab ababab\n", "é\n"].map { Array($0.utf8) }
    return try VerificationVectors(
      proving: [[65, 0x80], [66]], texts: VerificationTexts.proving(vocabulary, own: documents, seed: 0),
      generatedByteCount: 2, contextLength: 4)
  }

  /// The C engine in this process, of any image: the vectors' own, or one that differs.
  static func contender(_ image: [UInt8]) -> Contender {
    Contender(name: "C") {
      try CEngine(image: image, contextLength: $0)
    } makeCoder: {
      try CTokenEncoder(image: image)
    }
  }

  static func report(_ contenders: Contender...) async throws -> VerificationReport {
    let vocabulary = try vocabulary()
    return try await Verifier(image: floatImage(vocabulary), name: "image")
      .verify(try vectors(vocabulary), contenders: contenders)
  }

  @Test("an engine encodes and decodes as the reference does, and the report says how much")
  func equal() async throws {
    let report = try await Self.report(Self.contender(Self.floatImage(try Self.vocabulary())))
    let texts = try #require(report.texts)
    #expect(report.verdict == .equal && texts.isEqual && texts.firstDifference == nil)
    let vectors = try Self.vectors(try Self.vocabulary())
    let encoder = TokenEncoder(try Self.vocabulary())
    let tokens = vectors.texts.map(encoder.encode)
    #expect(report.vectors.textCount == vectors.texts.count && report.encodedByteCount == vectors.textByteCount)
    #expect(texts.comparedTokenCount == tokens.reduce(0) { $0 + $1.count })
    #expect(texts.comparedByteCount == tokens.reduce(0) { $0 + encoder.vocabulary.decode($1).count })
  }

  @Test(
    "a vocabulary that differs in one string is found where it is, though all logits agree",
    arguments: zip(
      [" kit", "abab", "the"], [" kin", "abad", "thf"]))
  func otherString(word: String, changed: String) async throws {
    let other = try Self.vocabulary(Self.words.map { $0 == word ? changed : $0 })
    let report = try await Self.report(Self.contender(Self.floatImage(other)))
    let contender = report.contenders[0]
    let found = try #require(contender.texts?.firstDifference)
    #expect(report.verdict == .different && !contender.isEqual)
    #expect(contender.differingLogitCount == 0 && contender.firstDifference == nil)
    let texts = try Self.vectors(try Self.vocabulary()).texts
    #expect(texts[found.textIndex].starts(with: word.utf8) || texts[found.textIndex].starts(with: changed.utf8))
  }

  @Test("a decoder that differs in one token is found, though all tokens agree")
  func otherBytes() async throws {
    let vectors = try Self.vectors(try Self.vocabulary())
    let textIndex = try #require(vectors.texts.firstIndex(of: Array("abab".utf8)))
    let image = Self.floatImage(try Self.vocabulary())
    let honest = Self.contender(image)
    let contender = Contender(name: "C") { vectors in
      var answer = try await honest.answer(vectors)
      answer.transcript.textAnswers[textIndex].steps[3][0].text[3] ^= 1
      return answer
    }
    let report = try await Self.report(contender)
    let texts = try #require(report.texts)
    #expect(report.verdict == .different)
    #expect(texts.differingTokenCount == 0 && texts.differingByteCount == 1)
    let expected = VerificationReport.TextDifference(
      quantity: .bytes, textIndex: textIndex, position: 3, token: 0x83, expected: "61626162", found: "61626163")
    #expect(texts.firstDifference == expected)
  }

  @Test("a token that is decided a byte later is another token")
  func late() async throws {
    let honest = Self.contender(Self.floatImage(try Self.vocabulary()))
    let contender = Contender(name: "C") { vectors in
      var answer = try await honest.answer(vectors)
      answer.transcript.textAnswers[0].steps.swapAt(0, 1)
      return answer
    }
    let texts = try #require(try await Self.report(contender).texts)
    #expect(texts.differingTokenCount == 2)
    #expect(
      texts.firstDifference
        == VerificationReport.TextDifference(
          quantity: .token, textIndex: 0, position: 0, token: nil, expected: "00", found: ""))
  }

  @Test("no byte of the answers to texts can change without being seen")
  func alteredTranscript() async throws {
    let vocabulary = try Self.vocabulary()
    let vectors = try VerificationVectors(
      prompts: [[65]], generatedByteCount: 1, contextLength: 4,
      texts: [Array("the kitchens".utf8), [0xFF], Array("aba".utf8)])
    let answer = try await Self.contender(Self.floatImage(vocabulary)).answer(vectors).transcript
    let bytes = answer.bytes(answering: vectors)
    let section = (28 + 1024 + 1)..<(bytes.count - 4)
    var namedCount = 0
    for offset in section {
      for mask: UInt8 in [1, 2, 0x80] {
        var altered = bytes
        altered[offset] ^= mask
        guard let found = try? Transcript(reading: altered, name: "t", answering: vectors) else { continue }
        let comparison = try TranscriptComparison(found, with: answer, vectors: vectors)
        if comparison.texts?.firstDifference != nil { namedCount += 1 } else { Issue.record("\(offset), \(mask)") }
      }
    }
    // 6 tokens and their 15 bytes; what is left are the lengths before them.
    #expect(namedCount == 3 * (6 + 15))
  }

  @Test("an answer without the texts' tokens is an error, not a difference")
  func wrongShape() async throws {
    let honest = Self.contender(Self.floatImage(try Self.vocabulary()))
    let contender = Contender(name: "C") { vectors in
      var answer = try await honest.answer(vectors)
      answer.transcript.textAnswers.removeLast()
      return answer
    }
    await #expect(throws: HintedError.self) { try await Self.report(contender) }
  }

  // MARK: Compilers and cores

  static func expectEqual(_ image: [UInt8], _ answer: (VerificationVectors) async throws -> BuiltAnswer) async throws {
    let vocabulary = try vocabulary()
    let vectors = try vectors(vocabulary)
    let built = try await answer(vectors)
    let contender = Contender(name: "built") { _ in Contender.Answer(built.transcript) }
    let report = try await Verifier(image: image, name: "image").verify(vectors, contenders: [contender])
    #expect(report.verdict == .equal, "\(String(describing: report.texts?.firstDifference))")
    #expect(report.texts?.comparedTokenCount ?? 0 > 4096)
  }

  @Test(
    "the C encoder on the host, by each compiler at each level",
    .enabled(if: ParityTests.has(["make", "gcc", "clang"]), "needs make, gcc and clang"),
    arguments: HostBuild.compilers, HostBuild.optimizations)
  func host(compiler: String, optimization: String) async throws {
    for image in [Self.floatImage(try Self.vocabulary()), Self.integerImage(try Self.vocabulary())] {
      try await withTemporaryFolder { folder in
        let build = HostBuild(
          compiler: compiler, optimization: optimization, model: image, firmwareFolder: ParityTests.firmwareFolder,
          in: folder)
        try await Self.expectEqual(image, build.answer)
      }
    }
  }

  @Test(
    "the C encoder on every core, emulated, beside either engine",
    .enabled(if: ParityTests.has(Core.all.flatMap(\.requiredTools)), "needs compilers for Arm and RISC-V, and QEMU"),
    arguments: Core.all,
    EmulatedCore.optimizations)
  func emulated(core: Core, optimization: String) async throws {
    for image in [Self.floatImage(try Self.vocabulary()), Self.integerImage(try Self.vocabulary())] {
      try await withTemporaryFolder { folder in
        let emulated = EmulatedCore(
          core, optimization: optimization, model: image, firmwareFolder: ParityTests.firmwareFolder, in: folder,
          timeLimit: .seconds(120))
        try await Self.expectEqual(image) { vectors in
          let answer = try await emulated.answer(vectors)
          try Self.expectRoom(try #require(answer.firmware), image, vectors)
          return answer
        }
      }
    }
  }

  /// What is beside engine and model keeps to what a board is chosen by, before anything is built.
  static func expectRoom(_ firmware: FirmwareImage, _ image: [UInt8], _ vectors: VerificationVectors) throws {
    let footprint = EngineFootprint(of: try ModelImage(reading: image, name: "image"), byteCount: image.count)
    let engine = footprint.engineByteCount(contextLength: vectors.contextLength)
    let code = firmware.flashByteCount - image.count - vectors.bytes.count
    #expect(code <= Placement.codeByteCount, "\(firmware.board): \(code) bytes of code")
    #expect(firmware.ramByteCount - engine <= Placement.runnerRAMByteCount, "\(firmware.board)")
  }

  @Test(
    "a core's RAM does not grow with the texts",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"))
  func memory() async throws {
    let image = Self.floatImage(try Self.vocabulary())
    let texts = [[UInt8]](repeating: Array("the kitchen".utf8), count: 2000)
    var byteCounts: Set<Int> = []
    for count in [0, 1, texts.count] {
      let vectors = try VerificationVectors(
        prompts: [[65]], generatedByteCount: 1, contextLength: 4, texts: Array(texts.prefix(count)))
      let answer = try await withTemporaryFolder { folder in
        try await EmulatedCore(
          .cortexM3, model: image, firmwareFolder: ParityTests.firmwareFolder, in: folder, timeLimit: .seconds(120)
        ).answer(vectors)
      }
      byteCounts.insert(try #require(answer.firmware).ramByteCount)
    }
    #expect(byteCounts.count == 1)
  }
}
