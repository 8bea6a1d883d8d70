import Basics
import Engine
import Firmware
import Formats
import Networks
import TestSupport
import Testing

@Suite("Placement")
struct PlacementTests {
  static func core(_ core: Core, _ shape: AtomeShape) -> EmulatedCore {
    let model = AtomeImageFile.write(RandomModel.make(seed: 3, shape: shape), provenance: nil)
    return EmulatedCore(core, model: model, firmwareFolder: ParityTests.firmwareFolder, in: "/nowhere")
  }

  static func vectors(context: Int) throws -> VerificationVectors {
    try VerificationVectors(prompts: [[65]], generatedByteCount: 2, contextLength: context)
  }

  @Test("work memory is what the engine says", arguments: [RandomModel.small, .atome60K], [1, 2, 64])
  func engineMemory(shape: AtomeShape, contextLength: Int) throws {
    let image = AtomeImageFile.write(RandomModel.make(seed: 3, shape: shape), provenance: nil)
    let engine = try CEngine(image: image, contextLength: contextLength)
    let footprint = EngineFootprint(float: shape, imageByteCount: 0)
    #expect(footprint.engineByteCount(contextLength: contextLength) == engine.memoryByteCount)
  }

  @Test(
    "the integer engine's too", arguments: [RandomModel.small, .atome60K, .atome944K], CacheWidth.allCases)
  func integerMemory(shape: AtomeShape, cache: CacheWidth) throws {
    let model = RandomModel.makeInteger(seed: 3, shape: shape, cache: cache)
    let footprint = EngineFootprint(integer: shape, cache: cache, imageByteCount: 0)
    for contextLength in [1, 2, 3, 64] {
      let engine = try CIntegerEngine(
        image: IntegerImageFile.write(model, provenance: nil), logitScale: 1, contextLength: contextLength)
      let byteCount = footprint.engineByteCount(contextLength: contextLength)
      #expect(byteCount == engine.memoryByteCount)
      #expect(footprint.contextLength(inByteCount: byteCount) == contextLength)
      #expect(footprint.contextLength(inByteCount: byteCount - 1) == contextLength - 1)
    }
  }

  @Test("a small RAM shortens the context, and never more than it must")
  func shortened() throws {
    let core = Self.core(.cortexM0, .atome60K)
    let placement = try core.placement(answering: try Self.vectors(context: 64))
    #expect(placement.board.processor == "cortex-m0")
    let used =
      EngineFootprint(float: .atome60K, imageByteCount: 0).engineByteCount(contextLength: placement.contextLength)
      + 7680
    #expect(used <= 65_536 && used + 1280 > 65_536)
    #expect(try core.placement(answering: try Self.vectors(context: 16)).contextLength == 16)
  }

  @Test("what the Cortex-M0's board cannot hold goes to the next board with its instructions")
  func nextBoard() throws {
    let placement = try Self.core(.cortexM0, .atome944K).placement(answering: try Self.vectors(context: 64))
    #expect(placement.board.name == "mps2-an385-v6m")
    #expect(placement.contextLength == 64)
  }

  @Test("a model that no board holds is refused")
  func refused() throws {
    let shape = AtomeShape(modelWidth: 512, layerCount: 16, headWidth: 64, topK: 4, kernelSize: 5)
    for core in Core.all {
      let error = #expect(throws: HintedError.self) {
        try Self.core(core, shape).placement(answering: try Self.vectors(context: 64))
      }
      #expect(error?.status == .unavailable)
    }
  }

  @Test(
    "the longest context that fits is built and runs",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"))
  func shortenedRuns() async throws {
    let model = AtomeImageFile.write(RandomModel.make(seed: 3, shape: .atome60K), provenance: nil)
    try await withTemporaryFolder { folder in
      let core = EmulatedCore(.cortexM0, model: model, firmwareFolder: ParityTests.firmwareFolder, in: folder)
      let placement = try core.placement(answering: try Self.vectors(context: 64))
      let answer = try await core.answer(try Self.vectors(context: placement.contextLength))
      #expect(answer.transcript.answers[0].generated.count == 2)
      await #expect(throws: HintedError.self) { try await core.answer(try Self.vectors(context: 64)) }
    }
  }
}
