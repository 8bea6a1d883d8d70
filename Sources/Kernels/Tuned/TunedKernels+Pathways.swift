import CKernels

extension TunedKernels {
  public func convolutionForward(x: Matrix, kernel: Matrix, y: Matrix) {
    let (rows, d) = (x.rowCount, x.columnCount)
    x.checkContiguous(rows, d, "x")
    kernel.checkContiguous(kernel.rowCount, d, "kernel")
    y.checkContiguous(rows, d, "y")
    table.convolution_forward(rows, d, kernel.rowCount, x.base, kernel.base, y.base)
  }

  public func convolutionBackward(
    yGradient: Matrix, x: Matrix, kernel: Matrix, xGradient: Matrix, kernelGradient: Matrix
  ) {
    let (rows, d) = (x.rowCount, x.columnCount)
    yGradient.checkContiguous(rows, d, "yGradient")
    x.checkContiguous(rows, d, "x")
    kernel.checkContiguous(kernel.rowCount, d, "kernel")
    xGradient.checkContiguous(rows, d, "xGradient")
    kernelGradient.checkContiguous(kernel.rowCount, d, "kernelGradient")
    table.convolution_backward(
      rows, d, kernel.rowCount, yGradient.base, x.base, kernel.base, xGradient.base, kernelGradient.base)
  }

  public func scanForward(
    x: Matrix, decay: Matrix, inputGain: Matrix, outputGain: Matrix, state: Matrix, y: Matrix
  ) {
    let (rows, d) = (x.rowCount, x.columnCount)
    x.checkContiguous(rows, d, "x")
    decay.check(1, d, "decay")
    inputGain.check(1, d, "inputGain")
    outputGain.check(1, d, "outputGain")
    state.checkContiguous(rows, d, "state")
    y.checkContiguous(rows, d, "y")
    table.scan_forward(
      rows, d, x.base, decay.base, inputGain.base, outputGain.base, state.base, y.base)
  }

  public func scanBackward(
    yGradient: Matrix, x: Matrix, state: Matrix, decay: Matrix, inputGain: Matrix, outputGain: Matrix,
    carry: Matrix, xGradient: Matrix, decayGradient: Matrix, inputGainGradient: Matrix, outputGainGradient: Matrix
  ) {
    let (rows, d) = (x.rowCount, x.columnCount)
    yGradient.checkContiguous(rows, d, "yGradient")
    x.checkContiguous(rows, d, "x")
    state.checkContiguous(rows, d, "state")
    xGradient.checkContiguous(rows, d, "xGradient")
    decay.check(1, d, "decay")
    inputGain.check(1, d, "inputGain")
    outputGain.check(1, d, "outputGain")
    carry.check(1, d, "carry")
    decayGradient.check(1, d, "decayGradient")
    inputGainGradient.check(1, d, "inputGainGradient")
    outputGainGradient.check(1, d, "outputGainGradient")
    table.scan_backward(
      rows, d, yGradient.base, x.base, state.base, decay.base, inputGain.base, outputGain.base, carry.base,
      xGradient.base, decayGradient.base, inputGainGradient.base, outputGainGradient.base)
  }
}
