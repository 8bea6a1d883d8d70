import Basics
import Formats
import Model
import Networks
import TestSupport
import Testing

@Suite("Reference engine")
struct ReferenceEngineTests {
  static let published = [("atome_944k", AtomeShape.atome944K), ("atome60k_random", AtomeShape.atome60K)]
    .filter { SharedData.path("atome/\($0.0).atome") != nil }

  @Test(
    "agrees with the published engine: greedy bytes equal, logits within 1e-4", arguments: published)
  func golden(name: String, shape: AtomeShape) throws {
    let golden = try GoldenFile(shared: "atome/\(name).golden.json")
    let path = try #require(SharedData.path("atome/\(name).atome"))
    let image = try AtomeImageFile.read(try AtomicFile.read(path), name: path, shape: shape)
    var engine = try ReferenceEngine(model: image.model, contextLength: 64)
    #expect(!golden.cases.isEmpty)
    for example in golden.cases {
      engine.reset()
      var logits = example.prompt.map { engine.step($0) }.last ?? []
      for (found, expected) in zip(logits, example.logits) { #expect(abs(found - expected) <= 1e-4) }
      var greedy: [UInt8] = []
      for _ in example.greedy {
        greedy.append(greedyByte(logits))
        logits = engine.step(greedy.last ?? 0)
      }
      #expect(greedy == example.greedy, "\(name), \(example.name)")
    }
  }

  @Test("after a reset it says what a fresh engine says")
  func reset() throws {
    let model = RandomModel.make(seed: 1, shape: RandomModel.small)
    var used = try ReferenceEngine(model: model, contextLength: 8)
    for byte in "some text that fills the window".utf8 { _ = used.step(byte) }
    used.reset()
    var fresh = try ReferenceEngine(model: model, contextLength: 8)
    for byte in "abcdefghijkl".utf8 { #expect(used.step(byte) == fresh.step(byte)) }
  }

  @Test("inside the window, the size of the window does not matter; beyond it, it does")
  func window() throws {
    let model = RandomModel.make(seed: 2, shape: RandomModel.small)
    var narrow = try ReferenceEngine(model: model, contextLength: 6)
    var wide = try ReferenceEngine(model: model, contextLength: 64)
    var differs = false
    for (position, byte) in "the quick brown fox".utf8.enumerated() {
      let (left, right) = (narrow.step(byte), wide.step(byte))
      if position < 6 { #expect(left == right) } else if left != right { differs = true }
    }
    #expect(differs)
  }

  @Test("the k largest come in descending order, and ties go to the earlier position")
  func selection() {
    #expect(largest(3, of: [1, 5, 2, 5, 0]) == [1, 3, 2])
    #expect(largest(2, of: [7, 7, 7]) == [0, 1])
    #expect(largest(4, of: [1]) == [0])
  }

  @Test("a context out of range is a usage error")
  func contextLimits() {
    let model = RandomModel.make(seed: 3, shape: RandomModel.small)
    #expect(throws: HintedError.self) { try ReferenceEngine(model: model, contextLength: 0) }
  }
}
