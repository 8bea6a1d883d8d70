import CKernels

extension TunedKernels {
  public func routerForward(_ logits: Matrix) {
    logits.check(logits.rowCount, 3, "logits")
    table.router_forward(logits.rowCount, logits.base, logits.rowStride)
  }

  public func routerBackward(weights: Matrix, gradient: Matrix) {
    weights.check(gradient.rowCount, 3, "weights")
    gradient.check(gradient.rowCount, 3, "gradient")
    table.router_backward(
      gradient.rowCount, weights.base, weights.rowStride, gradient.base, gradient.rowStride)
  }

  public func mixForward(weights: Matrix, local: Matrix, state: Matrix, sparse: Matrix, x: Matrix) {
    let (rows, d) = (x.rowCount, x.columnCount)
    weights.check(rows, 3, "weights")
    local.check(rows, d, "local")
    state.check(rows, d, "state")
    sparse.check(rows, d, "sparse")
    x.check(rows, d, "x")
    for row in 0..<rows {
      table.mix_forward(
        d, weights.row(row).base, local.row(row).base, state.row(row).base, sparse.row(row).base, x.row(row).base)
    }
  }

  public func mixBackward(
    xGradient: Matrix, weights: Matrix, local: Matrix, state: Matrix, sparse: Matrix, weightsGradient: Matrix,
    localGradient: Matrix, stateGradient: Matrix, sparseGradient: Matrix
  ) {
    let (rows, d) = (xGradient.rowCount, xGradient.columnCount)
    xGradient.check(rows, d, "xGradient")
    weights.check(rows, 3, "weights")
    local.check(rows, d, "local")
    state.check(rows, d, "state")
    sparse.check(rows, d, "sparse")
    weightsGradient.check(rows, 3, "weightsGradient")
    localGradient.check(rows, d, "localGradient")
    stateGradient.check(rows, d, "stateGradient")
    sparseGradient.check(rows, d, "sparseGradient")
    for row in 0..<rows {
      table.mix_backward(
        d, xGradient.row(row).base, weights.row(row).base, local.row(row).base, state.row(row).base,
        sparse.row(row).base, weightsGradient.row(row).base, localGradient.row(row).base,
        stateGradient.row(row).base, sparseGradient.row(row).base)
    }
  }
}
