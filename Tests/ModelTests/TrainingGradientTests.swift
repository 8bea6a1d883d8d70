import Basics
import Formats
import Kernels
import Model
import Networks
import Testing

/// The whole model's gradient, checked by central differences in binary64, with weights that are not rounded.
@Suite struct TrainingGradientTests {
  static let shape = AtomeShape(modelWidth: 6, layerCount: 2, headWidth: 3, topK: 2, kernelSize: 3)
  static let window: [UInt8] = Array("abcabdaab".utf8)

  private struct Fixture {
    let layout = ParameterLayout(shape)
    let parameters: Arena<Double>
    let weights: EffectiveWeights<NaiveKernels<Double>>
    let graph: SequenceGraph<NaiveKernels<Double>>

    init(seed: UInt64, withoutPathways: [Pathway] = []) {
      var generator = SeededGenerator(seed: seed)
      parameters = Arena(capacity: layout.count)
      for index in 0..<layout.count { parameters.whole[0, index] = generator.unit() * 1.6 - 0.8 }
      weights = EffectiveWeights(kernels: NaiveKernels(), layout: layout)
      graph = SequenceGraph(
        kernels: NaiveKernels(), layout: layout, windowTokenCount: window.count, withoutPathways: withoutPathways)
    }

    func loss(rounding: WeightRounding = .none) -> Double {
      weights.refresh(from: parameters.whole, rounding: rounding)
      return window.withUnsafeBufferPointer { graph.loss($0, weights) }
    }

    func gradient(rounding: WeightRounding = .none) -> [Double] {
      let gradient = Arena<Double>(capacity: layout.count)
      weights.refresh(from: parameters.whole, rounding: rounding)
      _ = window.withUnsafeBufferPointer {
        graph.lossAndGradient($0, weights, scale: 1, addingTo: gradient.whole)
      }
      if rounding == .ternary { weights.fillScaleGradient(of: gradient.whole, parameters: parameters.whole) }
      return (0..<layout.count).map { gradient.whole[0, $0] }
    }
  }

  @Test(arguments: [1, 2]) func everyTensorPassesCentralDifferences(seed: UInt64) {
    check(Fixture(seed: seed))
  }

  @Test(arguments: Pathway.allCases) func aModelWithoutOnePathwayPassesCentralDifferences(pathway: Pathway) {
    check(Fixture(seed: 3, withoutPathways: [pathway]))
  }

  /// With the trits held as they are, the loss is smooth in every scale.
  @Test(arguments: [5, 6]) func everyScalePassesCentralDifferences(seed: UInt64) {
    let fixture = Fixture(seed: seed)
    let gradient = fixture.gradient(rounding: .ternary)
    let step = 1e-6
    for index in fixture.layout.scales.range {
      let value = fixture.parameters.whole[0, index]
      func loss(_ change: Double) -> Double {
        fixture.parameters.whole[0, index] = value + change
        return fixture.loss(rounding: .ternary)
      }
      let slope = (loss(step) - loss(-step)) / (2 * step)
      fixture.parameters.whole[0, index] = value
      #expect(
        abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)),
        "scale \(index - fixture.layout.scales.offset): slope \(slope), gradient \(gradient[index])")
    }
  }

  @Test(arguments: Pathway.allCases) func aClosedPathwayChangesNothing(pathway: Pathway) throws {
    let fixture = Fixture(seed: 4, withoutPathways: [pathway])
    let before = fixture.loss()
    for layer in fixture.layout.layers {
      let inner =
        [.local: layer.convolution, .state: layer.decay, .sparse: layer.value] as [Pathway: ParameterLayout.Tensor]
      for index in try #require(inner[pathway]).range { fixture.parameters.whole[0, index] += 0.25 }
    }
    #expect(fixture.loss() == before)
  }

  private func check(_ fixture: Fixture) {
    let gradient = fixture.gradient()
    let step = 1e-5
    for tensor in fixture.layout.tensors {
      // The embedding and unembedding are large; their rows of bytes in the window are where the gradient lives.
      let isVocabulary = tensor.rowCount == AtomeShape.vocabularySize
      let rows = isVocabulary ? [97, 98, 99, 100] : Array(0..<tensor.rowCount)
      for row in rows {
        for column in 0..<tensor.columnCount {
          let index = tensor.offset + row * tensor.columnCount + column
          let value = fixture.parameters.whole[0, index]
          fixture.parameters.whole[0, index] = value + step
          let above = fixture.loss()
          fixture.parameters.whole[0, index] = value - step
          let below = fixture.loss()
          fixture.parameters.whole[0, index] = value
          let slope = (above - below) / (2 * step)
          #expect(
            abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)),
            "\(tensor.name)[\(row), \(column)]: slope \(slope), gradient \(gradient[index])")
        }
      }
    }
  }
}
