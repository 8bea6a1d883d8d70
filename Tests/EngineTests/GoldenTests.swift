import Basics
import Engine
import Networks
import TestSupport
import Testing

/// The oracle is the published C engine (gcc, host libm), whose answers are in Tests/TestSupport/Goldens, and for the
/// larger model in ../shared/data.
@Suite("C engine against the published engine")
struct GoldenTests {
  @Test(
    "Greedy bytes are equal, logits within 1e-4",
    arguments: [("atome60k_random", AtomeShape.atome60K), ("atome_944k", AtomeShape.atome944K)]
      .filter { SharedData.path("atome/\($0.0).atome") != nil })
  func golden(name: String, shape: AtomeShape) throws {
    let path = try #require(SharedData.path("atome/\(name).atome"))
    let engine = try CEngine(image: try AtomicFile.read(path), shape: shape, contextLength: 64)
    for golden in try GoldenFile(shared: "atome/\(name).golden.json").cases {
      engine.reset()
      var logits: [Float] = []
      for byte in golden.prompt { logits = engine.step(byte) }
      let difference = zip(logits, golden.logits).map { abs($0 - $1) }.max()
      #expect(logits.count == golden.logits.count)
      #expect(try #require(difference) < 1e-4, "\(golden.name)")
      #expect(generate(golden.greedy.count, after: logits, with: engine) == golden.greedy, "\(golden.name)")
    }
  }

  private func generate(_ count: Int, after logits: [Float], with engine: CEngine) -> [UInt8] {
    var logits = logits
    return (0..<count).map { _ in
      let byte = greedyByte(logits)
      logits = engine.step(byte)
      return byte
    }
  }
}
