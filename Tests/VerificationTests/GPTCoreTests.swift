import Basics
import Firmware
import Formats
import Model
import Networks
import TestSupport
import Testing

/// The rival's engine on emulated cores: the program that counts its instructions also says what its logits were.
@Suite("A plain GPT in integers, on cores")
struct GPTCoreTests {
  static let shapes = [
    GPTShape(modelWidth: 24, layerCount: 2, headCount: 4, feedForwardWidth: 36, contextLength: 63),
    GPTShape(modelWidth: 13, layerCount: 1, headCount: 1, feedForwardWidth: 9, contextLength: 20),
    GPTShape(modelWidth: 20, layerCount: 2, headCount: 2, feedForwardWidth: 30, contextLength: 40, isTied: true),
  ]

  /// As `firmware/app/count_gpt.c` does.
  static let stepCount = 80

  @Test(
    "has the Swift twin's logits",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"),
    arguments: [Core.cortexM0, .cortexM3, .cortexM4, .cortexM55], GPTWeightWidth.allCases)
  func logits(core: Core, width: GPTWeightWidth) async throws {
    let board = core == .cortexM0 ? "mps2-an385-v6m" : core.boards[0].name
    for (shape, level) in zip(Self.shapes, ["-O2", "-Os", "-O2"]) {
      let model = RandomModel.makeIntegerGPT(seed: 5, shape: shape, width: width)
      let found = try await Self.count(GPTImageFile.write(model), board, level)
      #expect(found["digest"] == Int(Self.digest(model)), "\(core), \(shape) at \(level)")
      #expect((found["n16"] ?? 0) > 0)
      #expect(found["memory"] == shape.integerEngineByteCount)
    }
  }

  static func digest(_ model: GPTIntegerModel) -> UInt32 {
    var twin = GPTIntegerEngine(model: model)
    return (1...stepCount).reduce(UInt32(0)) { digest, step in
      let logits = twin.integerStep(UInt8(truncatingIfNeeded: step * 37))
      var writer = ByteWriter()
      for logit in logits { writer.write(logit) }
      return digest &* 31 &+ CRC32.checksum(writer.bytes)
    }
  }

  private static func count(_ image: [UInt8], _ board: String, _ level: String) async throws -> [String: Int] {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(image, to: "\(folder)/model.gptq")
      let make = [
        "-s", "-C", ParityTests.firmwareFolder, "count-gpt", "BOARD=\(board)", "OPT=\(level)", "OUT=\(folder)",
        "IMAGE=\(folder)/model.gptq",
      ]
      let outcome = try await ParityTests.toolbox.run("make", make, in: folder, timeLimit: .seconds(120))
      try #require(outcome.didSucceed, "\(outcome.messages)")
      let pairs = outcome.output.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }
      return Dictionary(pairs.compactMap { pair in Int(pair[1]).map { (String(pair[0]), $0) } }) { _, last in last }
    }
  }
}
