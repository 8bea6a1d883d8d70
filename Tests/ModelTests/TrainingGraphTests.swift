import Basics
import Formats
import Kernels
import Model
import Networks
import Testing

/// The tuned graph, in float32 on every instruction set that this processor has, against the naive one in binary64.
@Suite struct TrainingGraphTests {
  /// Widths that are no multiple of any vector's, and of all.
  static let shapes = [
    AtomeShape(modelWidth: 23, layerCount: 2, headWidth: 7, topK: 3, kernelSize: 4),
    AtomeShape(modelWidth: 64, layerCount: 2, headWidth: 16, topK: 4, kernelSize: 5),
  ]

  private func lossAndGradient<Kernels: KernelSet>(
    _ kernels: Kernels, _ shape: AtomeShape, _ window: [UInt8]
  ) -> (loss: Double, gradient: [Double]) {
    let layout = ParameterLayout(shape)
    let parameters = Arena<Kernels.Scalar>(capacity: layout.count)
    let gradient = Arena<Kernels.Scalar>(capacity: layout.count)
    var generator = SeededGenerator(seed: 5)
    for index in 0..<layout.count {
      parameters.whole[0, index] = Kernels.Scalar(Float(generator.unit() * 0.6 - 0.3))
    }
    let weights = EffectiveWeights(kernels: kernels, layout: layout)
    weights.refresh(from: parameters.whole)
    let graph = SequenceGraph(kernels: kernels, layout: layout, windowTokenCount: window.count)
    let loss = window.withUnsafeBufferPointer {
      graph.lossAndGradient($0, weights, scale: 1, addingTo: gradient.whole)
    }
    return (loss, (0..<layout.count).map { Double(gradient.whole[0, $0]) })
  }

  @Test(arguments: shapes, InstructionSet.available)
  func tunedGraphAgreesWithNaive(shape: AtomeShape, instructionSet: InstructionSet) throws {
    let window = Array("Once upon a time there was a little fox.".utf8)
    let expected = lossAndGradient(NaiveKernels<Double>(), shape, window)
    let found = lossAndGradient(try #require(TunedKernels(instructionSet)), shape, window)
    #expect(abs(found.loss - expected.loss) < 1e-4 * expected.loss)
    for tensor in ParameterLayout(shape).tensors {
      let size = tensor.range.map { abs(expected.gradient[$0]) }.max() ?? 0
      let error = tensor.range.map { abs(found.gradient[$0] - expected.gradient[$0]) }.max() ?? 0
      #expect(error < 2e-4 * max(size, 1e-2), "\(tensor.name): error \(error) of \(size)")
    }
  }
}
