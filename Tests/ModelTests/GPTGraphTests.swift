import Basics
import Formats
import Kernels
import Model
import Networks
import Testing

@Suite struct GPTGraphTests {
  /// A graph with its parameters, in memory that lives as long as it.
  private struct Fixture<Kernels: KernelSet> {
    let layout: GPTLayout
    let parameters: Arena<Kernels.Scalar>
    let weights: GPTWeights<Kernels>
    let graph: GPTGraph<Kernels>
    let window: [UInt8]

    init(_ kernels: Kernels, _ shape: GPTShape, _ window: [UInt8], size: Double) {
      var generator = SeededGenerator(seed: 5)
      layout = GPTLayout(shape)
      parameters = Arena(capacity: layout.count)
      for index in 0..<layout.count {
        parameters.whole[0, index] = Kernels.Scalar(Float((generator.unit() - 0.5) * 2 * size))
      }
      weights = GPTWeights(kernels: kernels, layout: layout)
      graph = GPTGraph(kernels: kernels, layout: layout, windowTokenCount: window.count)
      self.window = window
    }

    private func refresh() {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole) }
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

  @Test(arguments: [false, true]) func everyTensorPassesCentralDifferences(isTied: Bool) {
    let shape = GPTShape(
      modelWidth: 6, layerCount: 2, headCount: 2, feedForwardWidth: 5, contextLength: 10, isTied: isTied)
    let fixture = Fixture(NaiveKernels<Double>(), shape, Array("abcabdaab".utf8), size: 0.8)
    let gradient = fixture.lossAndGradient().gradient
    #expect(fixture.layout.tensors.contains { $0.name == "unembedding" } == !isTied)
    let step = 1e-5
    for tensor in fixture.layout.tensors {
      // The embedding and unembedding are large; their rows of bytes in the window are where the gradient lives.
      let rows = tensor.rowCount == GPTShape.vocabularySize ? [97, 98, 99, 100] : Array(0..<tensor.rowCount)
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

  /// Widths that are no multiple of any vector's, and windows of several blocks of queries.
  @Test(arguments: InstructionSet.available, [40, 150])
  func tunedGraphAgreesWithNaive(instructionSet: InstructionSet, windowTokenCount: Int) throws {
    let shape = GPTShape(
      modelWidth: 21, layerCount: 2, headCount: 3, feedForwardWidth: 19, contextLength: 150,
      isTied: windowTokenCount == 40)
    let text = Array(String(repeating: "Once upon a time there was a little fox. ", count: 4).utf8)
    let window = Array(text[..<windowTokenCount])
    let expected = Fixture(NaiveKernels<Double>(), shape, window, size: 0.3).lossAndGradient()
    let found = Fixture(try #require(TunedKernels(instructionSet)), shape, window, size: 0.3).lossAndGradient()
    #expect(abs(found.loss - expected.loss) < 1e-4 * expected.loss)
    for tensor in GPTLayout(shape).tensors {
      let size = tensor.range.map { abs(expected.gradient[$0]) }.max() ?? 0
      let error = tensor.range.map { abs(found.gradient[$0] - expected.gradient[$0]) }.max() ?? 0
      #expect(error < 2e-4 * max(size, 1e-2), "\(tensor.name): error \(error) of \(size)")
    }
  }
}
