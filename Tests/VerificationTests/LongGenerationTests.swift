import Engine
import Firmware
import Formats
import Lineage
import Model
import Networks
import TestSupport
import Testing
import Verification

/// Texts far longer than the window: the same bytes, and no more RAM.
@Suite("Unbounded generation")
struct LongGenerationTests {
  static let model = AtomeImageFile.write(RandomModel.make(seed: 17, shape: RandomModel.small), provenance: nil)

  static func vectors(byteCount: Int, contextLength: Int = 16) throws -> VerificationVectors {
    try VerificationVectors(
      prompts: ["once", "upon a time there was a"].map { Array($0.utf8) }, generatedByteCount: byteCount,
      contextLength: contextLength, sampling: .proving, greedyPromptCount: 1, hasLogits: false)
  }

  static func reference(_ vectors: VerificationVectors) throws -> Transcript {
    let model = try AtomeImageFile.read(model, name: "model").model
    var engine = try ReferenceEngine(model: model, contextLength: vectors.contextLength)
    return try Transcript(of: &engine, answering: vectors)
  }

  @Test("5000 bytes, greedy and sampled, are the same in Swift and in C", arguments: [1, 16, 64])
  func inProcess(contextLength: Int) throws {
    let vectors = try Self.vectors(byteCount: 5000, contextLength: contextLength)
    let expected = try Self.reference(vectors)
    var engine = try CEngine(image: Self.model, contextLength: contextLength)
    #expect(try Transcript(of: &engine, answering: vectors) == expected)
    #expect(expected.answers.allSatisfy { $0.generated.count == 5000 && $0.logitBits.isEmpty })
    #expect(Set(expected.answers[1].generated).count > 10)
  }

  @Test("a text's beginning does not depend on how long it grows")
  func beginning() throws {
    let long = try Self.reference(try Self.vectors(byteCount: 300))
    let short = try Self.reference(try Self.vectors(byteCount: 20))
    #expect(zip(long.answers, short.answers).allSatisfy { Array($0.generated.prefix(20)) == $1.generated })
  }

  @Test(
    "a Cortex-M3 says the same 5000 bytes, in the RAM that 100 bytes take",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"))
  func emulated() async throws {
    try await withTemporaryFolder { folder in
      let core = EmulatedCore(
        .cortexM3, model: Self.model, firmwareFolder: ParityTests.firmwareFolder, in: folder, timeLimit: .seconds(300))
      let short = try await core.answer(try Self.vectors(byteCount: 100))
      let vectors = try Self.vectors(byteCount: 5000)
      let long = try await core.answer(vectors)
      #expect(long.transcript == (try Self.reference(vectors)))
      #expect(long.firmware?.ramByteCount == (try #require(short.firmware).ramByteCount))
    }
  }
}
