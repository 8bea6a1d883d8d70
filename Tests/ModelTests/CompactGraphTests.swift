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
    let tokensPerStep: Int?

    init(
      _ kernels: Kernels, _ shape: CompactShape, _ window: [UInt8], size: Double, rounding: WeightRounding = .none,
      tokensPerStep: Int? = nil
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
      self.tokensPerStep = tokensPerStep
    }

    private func refresh() {
      for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: rounding) }
    }

    private func inWindow<Result>(_ body: (TokenWindow) -> Result) -> Result {
      refresh()
      return window.withUnsafeBufferPointer { tokens in
        body(tokensPerStep.map { TokenWindow(tokens, tokensPerStep: $0) } ?? TokenWindow(tokens))
      }
    }

    func loss() -> Double { inWindow { graph.loss($0, weights).nats } }

    /// By which much the logit of 1 is above that of 2.
    func scores() -> [Double] {
      inWindow { window in
        let logits = graph.forward(window, weights)
        return (0..<window.positionCount).map { Double(logits[$0, 1] - logits[$0, 2]) }
      }
    }

    func slope(at index: Int) -> Double {
      let (value, step) = (parameters.whole[0, index], Kernels.Scalar(1e-5))
      defer { parameters.whole[0, index] = value }
      parameters.whole[0, index] = value + step
      let above = loss()
      parameters.whole[0, index] = value - step
      return (above - loss()) / (2 * Double(step))
    }

    func lossAndGradient() -> (loss: Double, gradient: [Double]) {
      let gradient = Arena<Kernels.Scalar>(capacity: layout.count)
      let loss = inWindow {
        graph.lossAndGradient($0, weights, scale: LossScale(prompt: 1, reply: 1), addingTo: gradient.whole).nats
      }
      return (loss, (0..<layout.count).map { Double(gradient.whole[0, $0]) })
    }
  }

  @Test(arguments: [1, 3]) func everyTensorPassesCentralDifferences(passCount: Int) {
    let shape = CompactShape(
      modelWidth: 6, layerCount: 2, stateWidth: 6, gateCount: 2, hiddenWidth: 5, passCount: passCount)
    let fixture = Fixture(NaiveKernels<Double>(), shape, Array("abcabdaab".utf8), size: 0.8)
    let gradient = fixture.lossAndGradient().gradient
    for tensor in fixture.layout.tensors {
      // The table is large; its rows of tokens in the window are where the gradient lives, and one that is not.
      let rows = tensor.rowCount == CompactShape.vocabularySize ? [97, 98, 99, 100] : Array(0..<tensor.rowCount)
      for index in rows.flatMap({
        tensor.offset + $0 * tensor.columnCount..<tensor.offset + ($0 + 1) * tensor.columnCount
      }) {
        let slope = fixture.slope(at: index)
        #expect(
          abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)),
          "\(tensor.name)[\(index - tensor.offset)]: slope \(slope), gradient \(gradient[index])")
      }
    }
  }

  /// Of three tokens a step, with an answer behind all but one: what is largest weighs 24 times as much.
  @Test func stepsOfSeveralTokensPassCentralDifferences() {
    let shape = CompactShape(modelWidth: 6, layerCount: 2, stateWidth: 6, gateCount: 2, hiddenWidth: 5)
    let text = Array("abcabdaabdca".utf8)
    // The gradient of a loss and of its largest step: with one answer that is one step, with two they add up.
    func check(_ answers: [UInt8], _ peak: [UInt8]) {
      let all = Fixture(NaiveKernels<Double>(), shape, text + answers + [0], size: 0.8, tokensPerStep: 3)
      let largest = Fixture(NaiveKernels<Double>(), shape, text + peak + [0], size: 0.8, tokensPerStep: 3)
      let gradient = all.lossAndGradient().gradient
      let tensors = all.layout.tensors
      for index in tensors.flatMap({ tensor in
        tensor.rowCount == CompactShape.vocabularySize
          ? tensor.offset + 97 * tensor.columnCount..<tensor.offset + 101 * tensor.columnCount : tensor.range
      }) {
        let slope = all.slope(at: index) + 23 * largest.slope(at: index)
        #expect(abs(slope - gradient[index]) < 1e-5 * max(1, abs(slope)), "\(index): \(slope), \(gradient[index])")
      }
    }
    check([0, 0, 1, 0], [0, 0, 1, 0])
    // Of two steps one has the larger score, whichever it is.
    let fixture = Fixture(NaiveKernels<Double>(), shape, text + [2, 2, 0, 0, 0], size: 0.8, tokensPerStep: 3)
    check([2, 2, 0, 0], fixture.scores()[0] > fixture.scores()[1] ? [2, 0, 0, 0] : [0, 2, 0, 0])
    // Where the event is answered for, the largest of those steps counts.
    check([2, 2, 1, 0], [0, 0, 1, 0])
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
