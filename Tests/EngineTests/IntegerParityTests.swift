import Basics
import Engine
import Export
import Formats
import Model
import Networks
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
    let engine = try CIntegerEngine(image: file, logitScale: Double(read.logitScale), contextLength: 23)
    for (position, byte) in text.enumerated() {
      try #require(swift.step(byte) == engine.step(byte), "position \(position)")
      if position == 200 {
        swift.reset()
        engine.reset()
      }
    }
  }
}

extension IntegerParityTests {
  /// Of a convolution without trits calibration hears nothing, so that only its scale tells how loud it is.
  @Test(
    "Pathways far louder than the embedding still have gains that the format can say", arguments: CacheWidth.allCases)
  func loudPathways(cache: CacheWidth) throws {
    for factor in [30, 3000] as [Float] {
      var model = RandomModel.make(
        seed: 3, shape: AtomeShape(modelWidth: 8, layerCount: 1, headWidth: 1, topK: 1, kernelSize: 1))
      model.layers[0].convolution.scale *= factor
      model.layers[0].convolution.trits = model.layers[0].convolution.trits.map { _ in 0 }
      let text = (0..<200).map { UInt8(32 + $0 * $0 * 7 % 95) }
      let calibration = try Calibration(of: model, on: text, window: 16)
      let integer = try IntegerQuantiser(model, calibration: calibration, cache: cache).quantised()
      let file = IntegerImageFile.write(integer, provenance: nil)
      #expect(try IntegerImageFile.read(file, name: "image").model == integer)
    }
  }

  @Test("Numbers at the format's limits overflow nowhere", arguments: shapes, CacheWidth.allCases)
  func limits(shape: AtomeShape, cache: CacheWidth) throws {
    for seed in 0..<5 as Range<UInt64> {
      let model = RandomModel.makeInteger(seed: seed, shape: shape, cache: cache)
      let file = IntegerImageFile.write(model, provenance: nil)
      var swift = try IntegerEngine(model: try IntegerImageFile.read(file, name: "image").model, contextLength: 9)
      let engine = try CIntegerEngine(image: file, logitScale: 1, contextLength: 9)
      var generator = SeededGenerator(seed: seed)
      for position in 0..<40 {
        let byte = UInt8(generator.below(256))
        let logits = swift.step(byte)
        try #require(logits == engine.step(byte), "seed \(seed), position \(position)")
        for sampling in [nil, Sampling.proving, try Sampling(temperature: 5000, seed: seed)] {
          var samplers = [swift.sampler(sampling, stream: 3), try engine.sampler(sampling, stream: 3)]
          for _ in 0..<4 { #expect(samplers[0].next(logits) == samplers[1].next(logits)) }
        }
      }
    }
  }
}
