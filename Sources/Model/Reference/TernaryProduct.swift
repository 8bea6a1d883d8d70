import Lineage

/// A ternary matrix made ready to be applied: `y[row] = scale * (sum of ±x[column])`.
///
/// The signs are kept as floats, column by column, so that the processor adds many rows at once: each row is its own
/// chain in ascending column order, as the contract asks, and a trit times x is exactly x, -x or a zero that changes no
/// sum.
struct TernaryProduct: Sendable {
  let rowCount: Int
  let columnCount: Int
  private let scale: Float
  /// (columnCount, rowCount).
  private let signs: [Float]

  init(_ tensor: TernaryTensor) {
    rowCount = tensor.rowCount
    columnCount = tensor.columnCount
    scale = tensor.scale
    var signs = [Float](repeating: 0, count: tensor.trits.count)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        signs[column * rowCount + row] = Float(tensor.trits[row * columnCount + column])
      }
    }
    self.signs = signs
  }

  /// - Parameter x: columnCount values.
  /// - Returns: rowCount values.
  func callAsFunction(_ x: [Float]) -> [Float] {
    precondition(x.count == columnCount, "a product needs as many values as the matrix has columns")
    var sums = [Float](repeating: 0, count: rowCount)
    sums.withUnsafeMutableBufferPointer { sums in
      signs.withUnsafeBufferPointer { signs in
        for column in 0..<columnCount {
          let value = x[column]
          let base = column * rowCount
          for row in 0..<sums.count { sums[row] += signs[base + row] * value }
        }
        for row in 0..<sums.count { sums[row] = scale * sums[row] }
      }
    }
    return sums
  }
}
