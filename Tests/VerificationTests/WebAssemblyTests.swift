import Basics
import Firmware
import Formats
import Foundation
import Networks
import TestSupport
import Testing
import Verification

/// WebAssembly is one more core: every logit's bits, every choice and every token, in node and in a real browser.
@Suite("The engine as WebAssembly")
struct WebAssemblyTests {
  static let isPossible = ParityTests.has(WebAssemblyModule.requiredTools)
  static let hosts = WebAssemblyHost.installed()

  /// Of each format one.
  static func images() throws -> [[UInt8]] {
    let vocabulary = try TextProofTests.vocabulary()
    let float = AtomePacking.allCases.map {
      AtomeImageFile.write(RandomModel.make(seed: 11, shape: ParityTests.shapes[1]), packing: $0, provenance: nil)
    }
    return float + [
      TextProofTests.floatImage(vocabulary), TextProofTests.integerImage(vocabulary),
      CompactImageFile.write(
        RandomModel.makeCompact(seed: 5, shape: RandomModel.smallCompact), vocabulary: vocabulary, provenance: nil),
    ]
  }

  @Test(
    "all bits are the reference's, whatever the format",
    .enabled(if: isPossible && !hosts.isEmpty, "needs clang, wasm-ld, and node or chromium"), arguments: hosts)
  func parity(host: WebAssemblyHost) async throws {
    for image in try Self.images() {
      try await withTemporaryFolder { folder in
        let vectors = try VerificationVectors(
          prompts: ["\u{0}", "set the hall to 19", "Ü\u{1F321}\u{FE0F}"].map { Array($0.utf8) },
          generatedByteCount: 8, contextLength: 12, sampling: .proving, greedyPromptCount: 1,
          texts: try TextProofTests.vectors(try ModelImage(reading: image, name: "image").vocabulary).texts)
        let contender = Contender(name: host.name) { vectors in
          let answer = try await host.answer(
            vectors, model: image, firmwareFolder: ParityTests.firmwareFolder, in: "\(folder)/a b'c")
          #expect(answer.flags.contains("-ffp-contract=off") && answer.tools.count == 2)
          return Contender.Answer(answer.transcript, tools: answer.tools, flags: answer.flags)
        }
        let report = try await Verifier(image: image, name: "image").verify(vectors, contenders: [contender])
        let result = try #require(report.contenders.first)
        #expect(result.comparedLogitCount == vectors.logitCount && result.differingLogitCount == 0)
        #expect(report.verdict == .equal)
      }
    }
  }

  @Test(
    "an image that the engine refuses is an error in its words",
    .enabled(if: isPossible && !hosts.isEmpty, "needs clang, wasm-ld, and node or chromium"), arguments: hosts)
  func refused(host: WebAssemblyHost) async throws {
    var damaged = ToolboxTests.model
    damaged[30] ^= 0x55
    let image = damaged
    try await withTemporaryFolder { folder in
      let error = await #expect(throws: HintedError.self) {
        try await host.answer(
          try TestVectors.small, model: image, firmwareFolder: ParityTests.firmwareFolder, in: folder)
      }
      #expect(error?.status == .badData && error?.message.contains("checksum") == true, "\(String(describing: error))")
    }
  }

  @Test(
    "a compiler that is missing is named", .enabled(if: !hosts.isEmpty, "needs node or chromium"))
  func missing() async throws {
    try await withTemporaryFolder { folder in
      let error = await #expect(throws: HintedError.self) {
        try await WebAssemblyModule.build(
          firmwareFolder: ParityTests.firmwareFolder, in: folder, toolbox: Toolbox(searchPath: folder))
      }
      #expect(error?.status == .unavailable)
    }
  }
}
