import Basics
import Engine
import Export
import Formats
import Lineage
import Model
import TestSupport
import Testing

@Suite("The integer engine in C and in Swift")
struct IntegerParityTests {
  /// Widths that leave every remainder in groups of five and blocks of eight; windows that wrap.
  static let shapes: [AtomeShape] = [
    RandomModel.small,
    AtomeShape(modelWidth: 1, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1),
    AtomeShape(modelWidth: 8, layerCount: 8, headWidth: 5, topK: 2, kernelSize: 9),
    AtomeShape(modelWidth: 66, layerCount: 1, headWidth: 31, topK: 8, kernelSize: 4),
    AtomeShape(modelWidth: 131, layerCount: 2, headWidth: 63, topK: 5, kernelSize: 5),
    AtomeShape.atome60K,
  ]

  @Test("Every logit is the same integer", arguments: shapes, CacheWidth.allCases)
  func parity(shape: AtomeShape, cache: CacheWidth) throws {
    var generator = SeededGenerator(seed: UInt64(shape.modelWidth))
    let model = RandomModel.make(seed: 7, shape: shape)
    let text = (0..<300).map { _ in UInt8(generator.below(256)) }
    let calibration = try Calibration(of: model, on: Array(text.prefix(128)), window: 16)
    let integer = try IntegerQuantiser(model, calibration: calibration, cache: cache).quantised()
    let file = IntegerImageFile.write(integer, provenance: nil)
    let read = try IntegerImageFile.read(file, name: "image").model
    #expect(read == integer)
    var swift = try IntegerEngine(model: read, contextLength: 23)
    let engine = try CIntegerEngine(image: file, logitScale: swift.logitScale, contextLength: 23)
    for (position, byte) in text.enumerated() {
      try #require(swift.step(byte) == engine.step(byte), "position \(position)")
      if position == 200 {
        swift.reset()
        engine.reset()
      }
    }
  }
}
