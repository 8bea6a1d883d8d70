import Basics
import Firmware
import Formats
import Networks
import TestSupport
import Testing

/// The published models on an emulated core, against what the published engine said.
@Suite("Published models on a core")
struct PublishedModelTests {
  static let published = [("atome_944k", AtomeShape.atome944K), ("atome60k_random", AtomeShape.atome60K)]
    .filter { SharedData.path("atome/\($0.0).atome") != nil }

  @Test(
    "greedy bytes equal, logits within 1e-4",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"),
    arguments: published)
  func golden(name: String, shape: AtomeShape) async throws {
    let golden = try GoldenFile(shared: "atome/\(name).golden.json")
    let path = try #require(SharedData.path("atome/\(name).atome"))
    let contents = try AtomeImageFile.read(try AtomicFile.read(path), name: path, shape: shape)
    let model = AtomeImageFile.write(contents.model, provenance: nil)
    let generatedByteCount = try #require(golden.cases.map(\.greedy.count).max())
    let vectors = try VerificationVectors(
      prompts: golden.cases.map(\.prompt), generatedByteCount: generatedByteCount, contextLength: 64)
    let answer = try await withTemporaryFolder { folder in
      try await EmulatedCore(.cortexM3, model: model, firmwareFolder: ParityTests.firmwareFolder, in: folder)
        .answer(vectors)
    }
    for (example, found) in zip(golden.cases, answer.transcript.answers) {
      #expect(Array(found.generated.prefix(example.greedy.count)) == example.greedy, "\(name), \(example.name)")
      let logits = found.logitBits[((example.prompt.count - 1) * 256)...].prefix(256).map(Float.init(bitPattern:))
      for (value, expected) in zip(logits, example.logits) { #expect(abs(value - expected) <= 1e-4) }
    }
  }
}
