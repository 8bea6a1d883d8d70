import Kernels
import Testing

/// Every forward and backward kernel: the naive ones against central differences, the tuned ones against the naive.
@Suite struct KernelPairTests {
  typealias Naive = NaiveKernels<Double>

  @Test(arguments: KernelPairKind.allCases)
  func naiveBackwardIsTheSlopeOfForward(kind: KernelPairKind) {
    let maker = KernelPairMaker(Naive(), rows: 6, width: 7)
    let pair = maker.pair(kind)
    pair.fill(seed: 3)
    _ = pair.results()
    for (input, gradient) in zip(pair.inputs, pair.inputGradients) {
      for row in 0..<input.rowCount {
        for column in 0..<input.columnCount {
          let slope = slope(of: pair, input, row, column)
          #expect(abs(slope - gradient[row, column]) < 1e-7, "\(kind) at (\(row), \(column))")
        }
      }
    }
  }

  private func slope(
    of pair: KernelPair<Naive>, _ input: MatrixView<Double>, _ row: Int, _ column: Int
  ) -> Double {
    let step = 1e-5
    let value = input[row, column]
    func weightedOutput(_ shifted: Double) -> Double {
      input[row, column] = shifted
      pair.forward()
      return zip(pair.output.elements, pair.outputGradient.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    defer { input[row, column] = value }
    return (weightedOutput(value + step) - weightedOutput(value - step)) / (2 * step)
  }

  /// Widths below, between and at multiples of every vector's, and one that a product sums in two runs; rows that leave
  /// every remainder of a tile, and one to three blocks of queries.
  @Test(arguments: InstructionSet.available, [(1, 1), (5, 7), (20, 33), (63, 64), (34, 40), (70, 13), (3, 200)])
  func tunedAgreesWithNaive(instructionSet: InstructionSet, size: (rows: Int, width: Int)) throws {
    let kernels = try #require(TunedKernels(instructionSet))
    for kind in KernelPairKind.allCases {
      let tuned = KernelPairMaker(kernels, rows: size.rows, width: size.width)
      let naive = KernelPairMaker(Naive(), rows: size.rows, width: size.width)
      let (tunedPair, naivePair) = (tuned.pair(kind), naive.pair(kind))
      tunedPair.fill(seed: 9)
      naivePair.fill(seed: 9)
      for (found, expected) in zip(tunedPair.results(), naivePair.results()) {
        // A row of one channel has no deviation: its norm is 0 / sqrt(epsilon), where rounding is all there is.
        let scale = max(1, expected.map(abs).max() ?? 0)
        let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(error < 2e-5 * scale, "\(kind) of \(size): error \(error) at scale \(scale)")
      }
    }
  }
}
