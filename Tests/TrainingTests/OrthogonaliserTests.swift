import Basics
import Kernels
import Testing
import Training

@Suite struct OrthogonaliserTests {
  /// Wide, square, tall, and a row of three: rows (or columns) come out nearly orthonormal.
  @Test(arguments: [(5, 12), (12, 12), (16, 12), (3, 12)])
  func singularValuesMoveToAboutOne(size: (rows: Int, columns: Int)) throws {
    let kernels = try #require(TunedKernels(.best))
    let orthogonaliser = Orthogonaliser(kernels, capacity: 16 * 12)
    let matrix = orthogonaliser.matrix(size.rows, size.columns)
    var generator = SeededGenerator(seed: 8)
    for row in 0..<size.rows {
      for column in 0..<size.columns { matrix[row, column] = Float(generator.unit() - 0.5) }
    }
    orthogonaliser.orthogonalise(matrix)
    // The squared singular values are the Gram matrix's eigenvalues: their sum is the squared norm.
    let rank = Double(min(size.rows, size.columns))
    let squares = kernels.sumOfSquares(matrix)
    #expect(squares > 0.4 * rank && squares < 1.45 * rank)
    #expect(largestSingularValue(matrix) < 1.25)
  }

  /// Power iteration.
  private func largestSingularValue(_ matrix: MatrixView<Float>) -> Double {
    var vector = [Double](repeating: 1, count: matrix.columnCount)
    var value = 0.0
    for _ in 0..<100 {
      let image = (0..<matrix.rowCount).map { row in
        vector.indices.reduce(0) { $0 + Double(matrix[row, $1]) * vector[$1] }
      }
      vector = vector.indices.map { column in
        image.indices.reduce(0) { $0 + Double(matrix[$1, column]) * image[$1] }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector = vector.map { $0 / norm }
      value = norm.squareRoot()
    }
    return value
  }
}
