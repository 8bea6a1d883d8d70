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

  /// What weights can be so that scores, routes or channels are all alike: then the rule for ties decides.
  enum Likeness: CaseIterable {
    case zeroQueries, zeroKeys, zeroRouter, zeroTrits, equalTrits, tinyScales, hugeScales
  }

  private static func model(_ shape: AtomeShape, _ likeness: Likeness) -> AtomeModel {
    var model = RandomModel.make(seed: 21, shape: shape)
    func fill(_ tensor: inout TernaryTensor, _ trit: Int8) { tensor.trits = tensor.trits.map { _ in trit } }
    func scale(_ factor: Float) {
      for index in model.layers.indices {
        model.layers[index].query.scale *= factor
        model.layers[index].router.scale *= factor
        model.layers[index].convolution.scale *= factor
      }
      model.unembedding.scale *= factor
    }
    for index in model.layers.indices {
      switch likeness {
      case .zeroQueries: fill(&model.layers[index].query, 0)
      case .zeroKeys: fill(&model.layers[index].key, 0)
      case .zeroRouter: fill(&model.layers[index].router, 0)
      case .zeroTrits, .equalTrits:
        let trit: Int8 = likeness == .zeroTrits ? 0 : 1
        fill(&model.layers[index].query, trit)
        fill(&model.layers[index].key, trit)
        fill(&model.layers[index].value, trit)
        fill(&model.layers[index].router, trit)
        fill(&model.layers[index].convolution, trit)
      case .tinyScales, .hugeScales: break
      }
    }
    if likeness == .tinyScales { scale(1e-30) }
    if likeness == .hugeScales { scale(1e6) }
    return model
  }

  /// Every shape whose dimensions are at most 3, and beside it one where more positions compete than are attended to.
  private static let smallShapes: [AtomeShape] = (0..<81).map { number in
    AtomeShape(
      modelWidth: 1 + number % 3, layerCount: 1, headWidth: 1 + number / 3 % 3, topK: 1 + number / 9 % 3,
      kernelSize: 1 + number / 27)
  }

  @Test("Where all is alike, the rules for ties give the same bits, in every small shape", arguments: Likeness.allCases)
  func ties(likeness: Likeness) throws {
    for shape in Self.smallShapes + [RandomModel.small] {
      let model = Self.model(shape, likeness)
      let engine = try CEngine(image: AtomeImageFile.write(model, provenance: nil), contextLength: 6)
      var reference = try ReferenceEngine(model: model, contextLength: 6)
      for position in 0..<14 {
        let byte = UInt8(truncatingIfNeeded: position * 37 + 11)
        let (found, expected) = (engine.step(byte).map(\.bitPattern), reference.step(byte).map(\.bitPattern))
        try #require(found == expected, "\(shape), position \(position)")
      }
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
