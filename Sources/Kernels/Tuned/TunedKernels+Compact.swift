import CKernels

extension TunedKernels {
  public func rmsNormForward(x: Matrix, gain: Matrix, normalised: Matrix, inverseSize: Matrix, y: Matrix) {
    let (rows, d) = (x.rowCount, x.columnCount)
    x.check(rows, d, "x")
    gain.check(1, d, "gain")
    normalised.check(rows, d, "normalised")
    inverseSize.check(1, rows, "inverseSize")
    y.check(rows, d, "y")
    for row in 0..<rows {
      inverseSize.base[row] = table.rms_norm_forward(
        d, x.row(row).base, gain.base, normalised.row(row).base, y.row(row).base)
    }
  }

  public func rmsNormBackward(
    yGradient: Matrix, gain: Matrix, normalised: Matrix, inverseSize: Matrix, xGradient: Matrix, gainGradient: Matrix
  ) {
    let (rows, d) = (yGradient.rowCount, yGradient.columnCount)
    yGradient.check(rows, d, "yGradient")
    gain.check(1, d, "gain")
    normalised.check(rows, d, "normalised")
    inverseSize.check(1, rows, "inverseSize")
    xGradient.check(rows, d, "xGradient")
    gainGradient.check(1, d, "gainGradient")
    for row in 0..<rows {
      table.rms_norm_backward(
        d, yGradient.row(row).base, gain.base, normalised.row(row).base, inverseSize.base[row],
        xGradient.row(row).base, gainGradient.base)
    }
  }

  public func gatedScanForward(projections: Matrix, bias: Matrix, spread: Matrix, state: Matrix, y: Matrix) {
    let (rows, m, gates) = (state.rowCount, state.columnCount, bias.columnCount)
    checkGated(projections, rows, m, gates)
    bias.check(1, gates, "bias")
    spread.check(1, m, "spread")
    state.checkContiguous(rows, m, "state")
    y.checkContiguous(rows, m, "y")
    table.gated_scan_forward(
      rows, gates, m, projections.base, projections.rowStride, bias.base, spread.base, state.base, y.base)
  }

  public func gatedScanBackward(
    yGradient: Matrix, projections: Matrix, state: Matrix, spread: Matrix, carry: Matrix, projectionsGradient: Matrix,
    biasGradient: Matrix
  ) {
    let (rows, m, gates) = (state.rowCount, state.columnCount, biasGradient.columnCount)
    checkGated(projections, rows, m, gates)
    checkGated(projectionsGradient, rows, m, gates)
    yGradient.checkContiguous(rows, m, "yGradient")
    state.checkContiguous(rows, m, "state")
    spread.check(1, m, "spread")
    carry.check(1, m, "carry")
    biasGradient.check(1, gates, "biasGradient")
    table.gated_scan_backward(
      rows, gates, m, yGradient.base, projections.base, projections.rowStride, state.base, spread.base, carry.base,
      projectionsGradient.base, projectionsGradient.rowStride, biasGradient.base)
  }

  private func checkGated(_ projections: Matrix, _ rows: Int, _ m: Int, _ gates: Int) {
    precondition(m.isMultiple(of: gates), "write gates serve equally many neighbours")
    projections.check(rows, gates + 2 * m, "projections")
  }

  public func squaredReLUForward(x: Matrix, y: Matrix) {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    y.checkContiguous(x.rowCount, x.columnCount, "y")
    table.squared_relu_forward(x.count, x.base, y.base)
  }

  public func squaredReLUBackward(x: Matrix, gradient: Matrix) {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    gradient.checkContiguous(x.rowCount, x.columnCount, "gradient")
    table.squared_relu_backward(x.count, x.base, gradient.base)
  }
}
