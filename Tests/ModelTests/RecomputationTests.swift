import Basics
import Model
import Networks
import TestSupport
import Testing

@Suite("Reference engine against a second derivation")
struct RecomputationTests {
  private static let shapes = [
    RandomModel.small,
    AtomeShape(modelWidth: 16, layerCount: 3, headWidth: 4, topK: 4, kernelSize: 5),
    // More taps and more kept positions than there is text or window.
    AtomeShape(modelWidth: 5, layerCount: 1, headWidth: 2, topK: 9, kernelSize: 32),
    AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1),
  ]

  @Test("byte after byte, its logits are those of working the whole prefix through, to the bit", arguments: shapes)
  func sameBits(shape: AtomeShape) throws {
    for seed in UInt64(1)...4 {
      let model = RandomModel.make(seed: seed, shape: shape)
      for contextLength in [1, 4, 64] {
        let oracle = PrefixRecomputation(model: model, contextLength: contextLength)
        var engine = try ReferenceEngine(model: model, contextLength: contextLength)
        for (text, logits) in steps(of: &engine, seed: seed) {
          let expected = oracle.logits(after: text)
          #expect(logits.map(\.bitPattern) == expected.map(\.bitPattern), "\(shape), seed \(seed), T \(contextLength)")
        }
      }
    }
  }

  @Test("where all scores tie, the earliest positions of the window are kept")
  func ties() throws {
    var model = RandomModel.make(seed: 8, shape: Self.shapes[1])
    // Keys of zeros give every position the same score, while their values differ.
    for index in model.layers.indices { model.layers[index].key.trits = model.layers[index].key.trits.map { _ in 0 } }
    let oracle = PrefixRecomputation(model: model, contextLength: 6)
    var engine = try ReferenceEngine(model: model, contextLength: 6)
    for (text, logits) in steps(of: &engine, seed: 8) {
      #expect(logits.map(\.bitPattern) == oracle.logits(after: text).map(\.bitPattern))
    }
  }

  /// Every prefix of a random text of 12 bytes with the engine's logits after it.
  private func steps(of engine: inout ReferenceEngine, seed: UInt64) -> [([UInt8], [Float])] {
    var generator = SeededGenerator(seed: seed)
    var text: [UInt8] = []
    return (0..<12).map { _ in
      text.append(UInt8(generator.below(256)))
      return (text, engine.step(text[text.count - 1]))
    }
  }
}
