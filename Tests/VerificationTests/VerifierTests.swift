import Basics
import Formats
import Lineage
import Model
import Networks
import TestSupport
import Testing
import Verification
import Vocabularies

@Suite("Verifier")
struct VerifierTests {
  static let image = AtomeImageFile.write(RandomModel.make(seed: 7, shape: RandomModel.small), provenance: nil)

  /// The reference once more, with a change to its transcript.
  static func reference(altering change: @escaping @Sendable (inout Transcript) -> Void = { _ in }) -> Contender {
    Contender(name: "a twin") { vectors in
      let model = try AtomeImageFile.read(image, name: "image").model
      var engine = try ReferenceEngine(model: model, contextLength: vectors.contextLength)
      var transcript = try Transcript(of: &engine, answering: vectors)
      change(&transcript)
      return Contender.Answer(transcript, tools: ["none"], flags: "-O0")
    }
  }

  static func report(_ contenders: Contender...) async throws -> VerificationReport {
    try await Verifier(image: image, name: "image").verify(try TestVectors.small, contenders: contenders)
  }

  @Test("an engine equals itself, in as many logits as the vectors ask for")
  func equal() async throws {
    let report = try await Self.report(Self.reference(), Self.reference())
    let logitCount = try TestVectors.small.logitCount
    #expect(report.verdict == .equal)
    #expect(report.comparedLogitCount == 2 * logitCount)
    #expect(report.differingLogitCount == 0)
    #expect(report.contenders.allSatisfy { $0.firstDifference == nil })
    #expect(report.samples.map(\.promptHex) == (try TestVectors.small.prompts.map(\.hexString)))
  }

  @Test("one altered bit is found where it is", arguments: [(0, 0, 0), (1, 3, 255), (2, 11, 65)])
  func alteredLogit(promptIndex: Int, position: Int, byte: Int) async throws {
    let report = try await Self.report(
      Self.reference(), Self.reference { $0.answers[promptIndex].logitBits[position * 256 + byte] ^= 1 })
    let found = try #require(report.contenders[1].firstDifference)
    #expect(report.verdict == .different)
    #expect(report.contenders[0].isEqual)
    #expect(report.contenders[1].differingLogitCount == 1)
    #expect([found.promptIndex, found.position, Int(found.byte)] == [promptIndex, position, byte])
    let expected = try #require(UInt32(found.expected, radix: 16))
    #expect(UInt32(found.found, radix: 16) == expected ^ 1)
  }

  @Test("of many differences the first is reported, in the order of prompts and positions")
  func firstOfMany() async throws {
    let report = try await Self.report(
      Self.reference { transcript in
        for index in 300..<transcript.answers[1].logitBits.count {
          transcript.answers[1].logitBits[index] ^= 0x8000_0000
        }
        transcript.answers[2].logitBits[0] ^= 4
      })
    let contender = report.contenders[0]
    #expect(contender.firstDifference?.promptIndex == 1)
    #expect(contender.firstDifference?.position == 1)
    #expect(contender.firstDifference?.byte == 44)
    let positionCount = try TestVectors.small.positionCount(ofPrompt: 1)
    #expect(contender.differingLogitCount == positionCount * 256 - 300 + 1)
  }

  @Test("another choice from equal logits is a difference too")
  func alteredChoice() async throws {
    let report = try await Self.report(Self.reference { $0.answers[0].generated[2] ^= 1 })
    let found = try #require(report.contenders[0].firstDifference)
    #expect(report.verdict == .different)
    #expect(found.quantity == .choice)
    #expect(found.position == (try TestVectors.small.prompts[0].count) - 1 + 2)
    #expect(report.contenders[0].differingByteCount == 1)
  }

  @Test("logits that are not finite fail, though the bits agree")
  func notFinite() async throws {
    var model = RandomModel.make(seed: 7, shape: RandomModel.small)
    model.finalGamma = [Float](repeating: .greatestFiniteMagnitude, count: model.finalGamma.count)
    let image = AtomeImageFile.write(model, provenance: nil)
    let verifier = try Verifier(image: image, name: "image")
    let twin = Contender(name: "a twin") { [model] in
      try ReferenceEngine(model: model, contextLength: $0)
    } makeCoder: {
      TokenEncoder(.bytes)
    }
    let report = try await verifier.verify(try TestVectors.small, contenders: [twin])
    #expect(report.verdict == .notFinite)
    #expect(report.reference.nonFiniteLogitCount > 0)
  }

  @Test("contenders that run together stand in their own order")
  func parallel() async throws {
    let names = (0..<7).map { "twin \($0)" }
    let contenders = names.enumerated().map { index, name in
      Contender(name: name) { vectors in
        try await Task.sleep(for: .milliseconds(index % 2 == 0 ? 20 : 0))
        return try await Self.reference().answer(vectors)
      }
    }
    let report = try await Verifier(image: Self.image, name: "image")
      .verify(try TestVectors.small, contenders: contenders, parallelCount: 3)
    #expect(report.contenders.map(\.name) == names)
    #expect(report.verdict == .equal)
  }

  @Test("a contender with a shorter window is compared with a reference of the same")
  func shorterWindow() async throws {
    let twin = Self.reference()
    let short = Contender(name: "short", contextLength: 2, answer: twin.answer)
    let report = try await Self.report(twin, short)
    #expect(report.verdict == .equal)
    #expect(report.contenders.map(\.contextLength) == [nil, 2])
    let cheat = Contender(name: "long", contextLength: 2) { _ in try await twin.answer(try TestVectors.small) }
    #expect(try await Self.report(cheat).verdict == .different)
  }

  @Test("an answer to other questions is an error, not a difference")
  func wrongShape() async throws {
    await #expect(throws: HintedError.self) { try await Self.report(Self.reference { $0.answers.removeLast() }) }
  }

  @Test("an image without a trailer, or damaged, is refused")
  func badImage() throws {
    #expect(throws: HintedError.self) { try Verifier(image: Array(Self.image.dropLast(104)), name: "image") }
    var damaged = Self.image
    damaged[40] ^= 1
    #expect(throws: HintedError.self) { try Verifier(image: damaged, name: "image") }
  }
}
