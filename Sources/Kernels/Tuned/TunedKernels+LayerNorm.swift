import CKernels

extension TunedKernels {
  public func layerNormForward(
    x: Matrix, gamma: Matrix, beta: Matrix, normalised: Matrix, inverseDeviation: Matrix, y: Matrix
  ) {
    let (rows, d) = (x.rowCount, x.columnCount)
    x.check(rows, d, "x")
    gamma.check(1, d, "gamma")
    beta.check(1, d, "beta")
    normalised.check(rows, d, "normalised")
    inverseDeviation.check(1, rows, "inverseDeviation")
    y.check(rows, d, "y")
    for row in 0..<rows {
      inverseDeviation.base[row] = table.layer_norm_forward(
        d, x.row(row).base, gamma.base, beta.base, normalised.row(row).base, y.row(row).base)
    }
  }

  public func layerNormBackward(
    yGradient: Matrix, gamma: Matrix, normalised: Matrix, inverseDeviation: Matrix, xGradient: Matrix,
    gammaGradient: Matrix, betaGradient: Matrix
  ) {
    let (rows, d) = (yGradient.rowCount, yGradient.columnCount)
    yGradient.check(rows, d, "yGradient")
    gamma.check(1, d, "gamma")
    normalised.check(rows, d, "normalised")
    inverseDeviation.check(1, rows, "inverseDeviation")
    xGradient.check(rows, d, "xGradient")
    gammaGradient.check(1, d, "gammaGradient")
    betaGradient.check(1, d, "betaGradient")
    for row in 0..<rows {
      table.layer_norm_backward(
        d, yGradient.row(row).base, gamma.base, normalised.row(row).base, inverseDeviation.base[row],
        xGradient.row(row).base, gammaGradient.base, betaGradient.base)
    }
  }
}
