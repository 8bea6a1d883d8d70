import Basics
import Formats
import Kernels
import Model
import Networks
import Testing

@Suite struct CompactGraphTests {
  /// A graph with its parameters, in memory that lives as long as it.
  private struct Fixture<Kernels: KernelSet> {
    let layout: CompactLayout
    let parameters: Arena<Kernels.Scalar>
    let weights: CompactWeights<Kernels>
    let graph: CompactGraph<Kernels>
    let window: [UInt8]
    /// A rounded weight has no slope.
    let rounding: WeightRounding

    init(
      _ kernels: Kernels, _ shape: CompactShape, _ window: [UInt8], size: Double, rounding: WeightRounding = .none
    ) {
      var generator = SeededGenerator(seed: 5)
      layout = CompactLayout(shape)
      parameters = Arena(capacity: layout.count)
      for index in 0..<layout.count {
        parameters.whole[0, index] = Kernels.Scalar(Float((generator.unit() - 0.5) * 2 * size))
      }
      weights = CompactWeights(kernels: kernels, layout: layout)
      graph = CompactGraph(kernels: kernels, layout: layout, windowTokenCount: window.count)
      self.window = window
      self.rounding = rounding
    }

    private func refresh() {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: rounding) }
    }

    func loss() -> Double {
      refresh()
      return window.withUnsafeBufferPointer { graph.loss($0, weights) }
    }

    func lossAndGradient() -> (loss: Double, gradient: [Double]) {
      let gradient = Arena<Kernels.Scalar>(capacity: layout.count)
      refresh()
      let loss = window.withUnsafeBufferPointer {
        graph.lossAndGradient($0, weights, scale: 1, addingTo: gradient.whole)
      }
      return (loss, (0..<layout.count).map { Double(gradient.whole[0, $0]) })
    }
  }

  @Test(arguments: [1, 3]) func everyTensorPassesCentralDifferences(passCount: Int) {
    let shape = CompactShape(
      modelWidth: 6, layerCount: 2, stateWidth: 6, gateCount: 2, hiddenWidth: 5, passCount: passCount)
    let fixture = Fixture(NaiveKernels<Double>(), shape, Array("abcabdaab".utf8), size: 0.8)
    let gradient = fixture.lossAndGradient().gradient
    let step = 1e-5
    for tensor in fixture.layout.tensors {
      // The table is large; its rows of tokens in the window are where the gradient lives, and one that is not.
      let rows = tensor.rowCount == CompactShape.vocabularySize ? [97, 98, 99, 100] : Array(0..<tensor.rowCount)
      for index in rows.flatMap({
        tensor.offset + $0 * tensor.columnCount..<tensor.offset + ($0 + 1) * tensor.columnCount
      }) {
        let value = fixture.parameters.whole[0, index]
        fixture.parameters.whole[0, index] = value + step
        let above = fixture.loss()
        fixture.parameters.whole[0, index] = value - step
        let slope = (above - fixture.loss()) / (2 * step)
        fixture.parameters.whole[0, index] = value
        #expect(
          abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)),
          "\(tensor.name)[\(index - tensor.offset)]: slope \(slope), gradient \(gradient[index])")
      }
    }
  }

  /// Widths that are no multiple of any vector's; with the rounding that training computes with.
  @Test(arguments: InstructionSet.available, [40, 150])
  func tunedGraphAgreesWithNaive(instructionSet: InstructionSet, windowTokenCount: Int) throws {
    let shape = CompactShape(modelWidth: 21, layerCount: 2, stateWidth: 15, gateCount: 5, hiddenWidth: 19)
    let text = Array(String(repeating: "Once upon a time there was a little fox. ", count: 4).utf8)
    let window = Array(text[..<windowTokenCount])
    let expected = Fixture(NaiveKernels<Float>(), shape, window, size: 0.3, rounding: .ternary).lossAndGradient()
    let found = Fixture(
      try #require(TunedKernels(instructionSet)), shape, window, size: 0.3, rounding: .ternary
    ).lossAndGradient()
    #expect(abs(found.loss - expected.loss) < 1e-4 * expected.loss)
    for tensor in CompactLayout(shape).tensors {
      let size = tensor.range.map { abs(expected.gradient[$0]) }.max() ?? 0
      let error = tensor.range.map { abs(found.gradient[$0] - expected.gradient[$0]) }.max() ?? 0
      #expect(error < 2e-4 * max(size, 1e-2), "\(tensor.name): error \(error) of \(size)")
    }
  }
}
