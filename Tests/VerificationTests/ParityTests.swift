import Basics
import Firmware
import Formats
import Lineage
import Networks
import TestSupport
import Testing
import Verification

/// The heart of the matter: the same bits from the Swift reference, from the C engine by every compiler, and from a
/// core. The larger matrix (64 × 32 and the published model) is `alambic verify`'s.
@Suite("Bit parity")
struct ParityTests {
  static let toolbox = Toolbox()
  static let firmwareFolder = "\(PackageRoot.path)/firmware"

  static func has(_ tools: [String]) -> Bool { tools.allSatisfy { toolbox.contains($0) } }

  /// A window that is overrun, odd dimensions, and prompts of one byte and of more than the window; the first is
  /// continued greedily, the others are sampled.
  static var vectors: VerificationVectors {
    get throws {
      try VerificationVectors(
        prompts: ["\u{0}", "set the hall to 19", "Ü\u{1F321}\u{FE0F}"].map { Array($0.utf8) }, generatedByteCount: 8,
        contextLength: 12, sampling: .proving, greedyPromptCount: 1)
    }
  }

  static let shapes = [
    RandomModel.small, AtomeShape(modelWidth: 16, layerCount: 2, headWidth: 4, topK: 4, kernelSize: 5),
    AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1),
  ]

  static func expectEqual(_ shape: AtomeShape, _ contender: (_ model: [UInt8]) -> Contender) async throws {
    for packing in AtomePacking.allCases {
      let model = AtomeImageFile.write(RandomModel.make(seed: 11, shape: shape), packing: packing, provenance: nil)
      let vectors = try vectors
      let report = try await Verifier(image: model, name: "model").verify(vectors, contenders: [contender(model)])
      let result = try #require(report.contenders.first)
      let place = "\(result.name), \(packing), \(shape): \(String(describing: result.firstDifference))"
      #expect(result.comparedLogitCount == vectors.logitCount)
      #expect(result.differingLogitCount == 0, "\(place)")
      #expect(report.verdict == .equal)
    }
  }

  @Test(
    "the C engine on the host, by each compiler at each level",
    .enabled(if: has(["make", "gcc", "clang"]), "needs make, gcc and clang"),
    arguments: HostBuild.compilers, HostBuild.optimizations)
  func host(compiler: String, optimization: String) async throws {
    try await withTemporaryFolder { folder in
      for shape in Self.shapes {
        try await Self.expectEqual(shape) { model in
          let build = HostBuild(
            compiler: compiler, optimization: optimization, model: model, firmwareFolder: Self.firmwareFolder,
            in: folder)
          return Contender(name: build.name) { vectors in
            let answer = try await build.answer(vectors)
            #expect(answer.flags.contains(optimization) && answer.flags.contains("-ffp-contract=off"))
            return Contender.Answer(answer.transcript, tools: answer.tools, flags: answer.flags)
          }
        }
      }
    }
  }

  static func expectEqual(_ core: Core, _ optimization: String, shape: AtomeShape) async throws {
    try await withTemporaryFolder { folder in
      try await expectEqual(shape) { model in
        let emulated = EmulatedCore(
          core, optimization: optimization, model: model, firmwareFolder: firmwareFolder, in: folder,
          timeLimit: .seconds(120))
        return Contender(name: emulated.name) { vectors in
          let answer = try await emulated.answer(vectors)
          let firmware = try #require(answer.firmware)
          #expect(firmware.board == core.boards[0].name)
          #expect(firmware.flashByteCount > model.count && firmware.ramByteCount > 0)
          #expect(answer.flags.contains(optimization) && answer.flags.contains("-ffp-contract=off"))
          return Contender.Answer(answer.transcript, tools: answer.tools, flags: answer.flags)
        }
      }
    }
  }

  @Test(
    "the C engine on every core, emulated, with and without its floating-point unit",
    .enabled(if: has(Core.all.flatMap(\.requiredTools)), "needs compilers for Arm and RISC-V, and QEMU"),
    arguments: Core.all,
    EmulatedCore.optimizations)
  func emulated(core: Core, optimization: String) async throws {
    try await Self.expectEqual(core, optimization, shape: RandomModel.small)
  }

  @Test(
    "the C engine on a Cortex-M3 with models of odd shapes",
    .enabled(if: has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"), arguments: shapes.dropFirst())
  func oddShapes(shape: AtomeShape) async throws {
    try await Self.expectEqual(.cortexM3, "-O2", shape: shape)
  }
}
