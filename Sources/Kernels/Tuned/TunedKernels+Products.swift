import CKernels

extension TunedKernels {
  public func matrixProduct(_ a: Matrix, _ b: Matrix, into c: Matrix) { product(a, b, c, accumulates: 0) }

  public func matrixProduct(_ a: Matrix, _ b: Matrix, addingTo c: Matrix) { product(a, b, c, accumulates: 1) }

  private func product(_ a: Matrix, _ b: Matrix, _ c: Matrix, accumulates: Int32) {
    b.check(a.columnCount, c.columnCount, "b")
    c.check(a.rowCount, c.columnCount, "c")
    table.matrix_product(
      a.rowCount, c.columnCount, a.columnCount, a.base, a.rowStride, a.columnStride, b.base, b.rowStride, c.base,
      c.rowStride, accumulates)
  }

  public func transpose(_ x: Matrix, into y: Matrix) {
    x.check(y.columnCount, y.rowCount, "x")
    y.check(x.columnCount, x.rowCount, "y")
    table.transpose(x.rowCount, x.columnCount, x.base, x.rowStride, y.base, y.rowStride)
  }

  public func add(_ x: Matrix, to y: Matrix) {
    x.check(y.rowCount, y.columnCount, "x")
    y.check(y.rowCount, y.columnCount, "y")
    for row in 0..<y.rowCount { table.add(y.columnCount, x.row(row).base, y.row(row).base) }
  }

  public func crossEntropy(logits: Matrix, targets: UnsafeBufferPointer<UInt8>, scale: Float) -> Double {
    logits.check(targets.count, 256, "logits")
    var sum = 0.0
    for row in 0..<targets.count {
      sum += Double(
        table.cross_entropy(logits.columnCount, logits.row(row).base, Int(targets[row]), scale))
    }
    return sum
  }
}
