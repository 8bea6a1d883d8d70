import Networks

/// A ternary matrix made ready to be applied: `y[row] = scale * (sum of ±x[column])`.
///
/// Sixteen rows are added side by side: each row is its own chain in ascending column order, as the contract asks. The
/// signs are kept as floats, since a trit times x is exactly x, -x or a zero that changes no sum.
struct TernaryProduct: Sendable {
  let rowCount: Int
  let columnCount: Int
  private let scale: Float
  /// (blocks of 16 rows, columnCount); rows past the last are zero.
  private let signs: [SIMD16<Float>]

  init(_ tensor: TernaryTensor) {
    rowCount = tensor.rowCount
    columnCount = tensor.columnCount
    scale = tensor.scale
    let blockCount = (rowCount + 15) / 16
    var signs = [SIMD16<Float>](repeating: .zero, count: blockCount * columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        signs[row / 16 * columnCount + column][row % 16] = Float(tensor.trits[row * columnCount + column])
      }
    }
    self.signs = signs
  }

  /// - Parameter x: columnCount values.
  /// - Returns: rowCount values.
  func callAsFunction(_ x: [Float]) -> [Float] {
    precondition(x.count == columnCount, "a product needs as many values as the matrix has columns")
    var y: [Float] = []
    y.reserveCapacity(signs.count / max(1, columnCount) * 16)
    for start in stride(from: 0, to: signs.count, by: columnCount) {
      let sums = x.withUnsafeBufferPointer { x in
        signs.withUnsafeBufferPointer { Self.sums($0, from: start, x) }
      }
      for lane in 0..<16 { y.append(scale * sums[lane]) }
    }
    y.removeLast(y.count - rowCount)
    return y
  }

  /// Sixteen rows' sums, ascending.
  private static func sums(
    _ signs: UnsafeBufferPointer<SIMD16<Float>>, from start: Int, _ x: UnsafeBufferPointer<Float>
  ) -> SIMD16<Float> {
    var sums = SIMD16<Float>.zero
    for column in 0..<x.count { sums += signs[start + column] * x[column] }
    return sums
  }
}
