import Basics
import Networks

/// Models of any shape, from a seed: nothing learned, everything exercised.
public enum RandomModel {
  /// Small enough for thousands of runs, odd enough that no tensor fills its last byte.
  public static let small = AtomeShape(modelWidth: 7, layerCount: 2, headWidth: 3, topK: 3, kernelSize: 3)

  public static func make(seed: UInt64, shape: AtomeShape) -> AtomeModel {
    var generator = SeededGenerator(seed: seed)
    let d = shape.modelWidth
    let vocabulary = AtomeShape.vocabularySize
    let embedding = ternary(vocabulary, d, &generator)
    let layers = (0..<shape.layerCount).map { _ in layer(shape, &generator) }
    return AtomeModel(
      shape: shape, embedding: embedding, layers: layers, finalGamma: floats(d, around: 1, &generator),
      finalBeta: floats(d, around: 0, &generator), unembedding: ternary(vocabulary, d, &generator))
  }

  private static func layer(_ shape: AtomeShape, _ generator: inout SeededGenerator) -> AtomeLayer {
    let d = shape.modelWidth
    return AtomeLayer(
      gamma: floats(d, around: 1, &generator), beta: floats(d, around: 0, &generator),
      convolution: ternary(d, shape.kernelSize, &generator), decay: floats(d, around: 1, &generator),
      inputGain: floats(d, around: 1, &generator), outputGain: floats(d, around: 1, &generator),
      query: ternary(shape.headWidth, d, &generator), key: ternary(shape.headWidth, d, &generator),
      value: ternary(d, d, &generator), router: ternary(3, d, &generator))
  }

  private static func floats(_ count: Int, around center: Float, _ generator: inout SeededGenerator) -> [Float] {
    (0..<count).map { _ in center + Float(generator.unit() - 0.5) }
  }

  private static func ternary(
    _ rowCount: Int, _ columnCount: Int, _ generator: inout SeededGenerator
  ) -> TernaryTensor {
    let trits = (0..<rowCount * columnCount).map { _ in Int8(generator.below(3) - 1) }
    return TernaryTensor(
      rowCount: rowCount, columnCount: columnCount, scale: Float(0.05 + generator.unit()), trits: trits)
  }
}
