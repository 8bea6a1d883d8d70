import Kernels

// What the float models outside the arithmetic contract compute with, one position at a time.

/// y += x.
func accumulate(_ x: [Float], into y: inout [Float]) {
  for i in y.indices { y[i] += x[i] }
}

/// The softmax.
func distribution(_ x: [Float]) -> [Float] {
  let largest = x.max() ?? 0
  let powers = x.map { Float.exponential($0 - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

/// matrix x, for (rows, x.count), four sums a row so that vectors can be used.
func product(_ matrix: [Float], _ x: [Float]) -> [Float] {
  x.withUnsafeBufferPointer { x in
    matrix.withUnsafeBufferPointer { matrix in
      (0..<matrix.count / x.count).map { row in
        let start = row * x.count
        var sums = SIMD4<Float>.zero
        var column = 0
        while column + 4 <= x.count {
          sums +=
            SIMD4(
              matrix[start + column], matrix[start + column + 1], matrix[start + column + 2],
              matrix[start + column + 3]) * SIMD4(x[column], x[column + 1], x[column + 2], x[column + 3])
          column += 4
        }
        return (column..<x.count).reduce(sums.sum()) { $0 + matrix[start + $1] * x[$1] }
      }
    }
  }
}
