import Basics
import Kernels

/// A forward kernel and its backward twin with memory to run on: what both kinds of check need. The checks fill
/// `inputs` and `outputGradient`; `backward` leaves its answers in `inputGradients`, which start at zero.
struct KernelPair<Kernels: KernelSet> {
  typealias Matrix = MatrixView<Kernels.Scalar>

  let inputs: [Matrix]
  let inputGradients: [Matrix]
  let output: Matrix
  let outputGradient: Matrix
  let forward: () -> Void
  let backward: () -> Void

  /// Fills inputs and the output's gradient with numbers in ±1 that are exact in every precision.
  func fill(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for matrix in inputs + [outputGradient] {
      for row in 0..<matrix.rowCount {
        for column in 0..<matrix.columnCount {
          matrix[row, column] = Kernels.Scalar(Float(generator.unit() * 2 - 1))
        }
      }
    }
  }

  /// Output and input gradients, one list after the other.
  func results() -> [[Double]] {
    forward()
    for gradient in inputGradients { gradient.clear() }
    backward()
    return ([output] + inputGradients).map { $0.elements.map { Double($0) } }
  }
}

extension MatrixView {
  var elements: [Scalar] {
    (0..<rowCount).flatMap { row in (0..<columnCount).map { self[row, $0] } }
  }

  func assign(_ other: MatrixView) {
    for row in 0..<rowCount {
      for column in 0..<columnCount { self[row, column] = other[row, column] }
    }
  }
}

enum KernelPairKind: CaseIterable {
  case matrixProduct, layerNorm, rmsNorm, router, mix, convolution, scan, gatedScan, attention, heads, gelu
  case squaredReLU, crossEntropy
}

/// Makes pairs over one set of kernels, in one arena that lives as long as the maker.
final class KernelPairMaker<Kernels: KernelSet> {
  typealias Matrix = MatrixView<Kernels.Scalar>

  let kernels: Kernels
  let arena = Arena<Kernels.Scalar>(capacity: 1 << 18)
  let indices = Arena<Int32>(capacity: 1 << 12)
  let rows: Int
  let width: Int

  init(_ kernels: Kernels, rows: Int, width: Int) {
    self.kernels = kernels
    self.rows = rows
    self.width = width
  }

  func pair(_ kind: KernelPairKind) -> KernelPair<Kernels> {
    switch kind {
    case .matrixProduct: matrixProduct()
    case .layerNorm: layerNorm()
    case .rmsNorm: rmsNorm()
    case .router: router()
    case .mix: mix()
    case .convolution: convolution()
    case .scan: scan()
    case .gatedScan: gatedScan()
    case .attention: attention()
    case .heads: heads()
    case .gelu: gelu()
    case .squaredReLU: squaredReLU()
    case .crossEntropy: crossEntropy()
    }
  }

  func positions() -> Matrix { arena.takeMatrix(rows, width) }
  func vector() -> Matrix { arena.takeVector(width) }
}
