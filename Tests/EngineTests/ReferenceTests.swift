import Engine
import Formats
import Model
import Networks
import TestSupport
import Testing

/// The oracle is the Swift reference: no difference is allowed, in any bit, inside the window and beyond it.
@Suite("C engine against the Swift reference")
struct ReferenceTests {
  /// Rows that start inside a byte, rows that do not, one channel, and a kernel longer than the window.
  static let shapes = [
    RandomModel.small, AtomeShape.atome60K,
    AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1),
    AtomeShape(modelWidth: 10, layerCount: 3, headWidth: 6, topK: 5, kernelSize: 9),
    AtomeShape(modelWidth: 13, layerCount: 2, headWidth: 5, topK: 2, kernelSize: 7),
  ]

  @Test("Every bit is equal, past the window's end, in both packings", arguments: shapes, [1, 2, 7, 16])
  func bitsAreEqual(shape: AtomeShape, contextLength: Int) throws {
    let model = RandomModel.make(seed: 11, shape: shape)
    let engines = try AtomePacking.allCases.map {
      try CEngine(image: AtomeImageFile.write(model, packing: $0, provenance: nil), contextLength: contextLength)
    }
    var reference = try ReferenceEngine(model: model, contextLength: contextLength)
    for engine in engines { #expect(engine.shape == shape) }
    for position in 0..<40 {
      let byte = UInt8(truncatingIfNeeded: position * 37 + 11)
      let expected = reference.step(byte).map(\.bitPattern)
      for engine in engines { #expect(engine.step(byte).map(\.bitPattern) == expected, "position \(position)") }
    }
  }

  @Test("A reset engine is a fresh one")
  func reset() throws {
    let image = AtomeImageFile.write(RandomModel.make(seed: 12, shape: RandomModel.small), provenance: nil)
    let used = try CEngine(image: image, contextLength: 5)
    let fresh = try CEngine(image: image, contextLength: 5)
    for byte in UInt8(0)..<20 { _ = used.step(byte) }
    used.reset()
    for byte in Array("once upon".utf8) { #expect(used.step(byte) == fresh.step(byte)) }
  }

  @Test("The context decides the memory, by one key and one value a layer and position")
  func memory() throws {
    let shape = RandomModel.small
    let image = AtomeImageFile.write(RandomModel.make(seed: 13, shape: shape), provenance: nil)
    let short = try CEngine(image: image, contextLength: 5).memoryByteCount
    let long = try CEngine(image: image, contextLength: 6).memoryByteCount
    #expect(long - short == 4 * shape.layerCount * (shape.headWidth + shape.modelWidth))
  }
}
