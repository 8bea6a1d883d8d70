/// The plain twin of every kernel, in any precision: reads like the mathematics, and is what the tuned kernels are
/// compared with. In binary64 it is precise enough to check gradients by finite differences.
public struct NaiveKernels<Scalar: RealNumber>: KernelSet {
  public typealias Matrix = MatrixView<Scalar>

  public init() {}

  /// The sum of `term(0)`, …, `term(count - 1)`.
  func sum(_ count: Int, _ term: (Int) -> Scalar) -> Scalar {
    var sum = Scalar.zero
    for index in 0..<count { sum += term(index) }
    return sum
  }
}

// MARK: - Products and the loss

extension NaiveKernels {
  public func matrixProduct(_ a: Matrix, _ b: Matrix, into c: Matrix) {
    c.clear()
    matrixProduct(a, b, addingTo: c)
  }

  public func matrixProduct(_ a: Matrix, _ b: Matrix, addingTo c: Matrix) {
    for i in 0..<c.rowCount {
      for j in 0..<c.columnCount {
        var sum = Scalar.zero
        for p in 0..<a.columnCount { sum += a[i, p] * b[p, j] }
        c[i, j] += sum
      }
    }
  }

  public func transpose(_ x: Matrix, into y: Matrix) {
    for i in 0..<x.rowCount {
      for j in 0..<x.columnCount { y[j, i] = x[i, j] }
    }
  }

  public func add(_ x: Matrix, to y: Matrix) {
    for i in 0..<x.rowCount {
      for j in 0..<x.columnCount { y[i, j] += x[i, j] }
    }
  }

  public func crossEntropy(logits: Matrix, targets: UnsafeBufferPointer<UInt8>, scale: Scalar) -> Double {
    var sum = 0.0
    for row in 0..<targets.count {
      let target = Int(targets[row])
      let probability = softmax(logits.row(row))
      sum -= Double(Scalar.logarithm(probability[target]))
      for column in 0..<logits.columnCount {
        logits[row, column] = scale * (probability[column] - (column == target ? 1 : 0))
      }
    }
    return sum
  }

  func softmax(_ x: Matrix) -> [Scalar] {
    let values = (0..<x.columnCount).map { x[0, $0] }
    let largest = values.max() ?? 0
    let powers = values.map { Scalar.exponential($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
