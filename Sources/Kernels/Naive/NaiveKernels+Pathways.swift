extension NaiveKernels {
  public func convolutionForward(x: Matrix, kernel: Matrix, y: Matrix) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        y[t, c] = 0
        for j in 0...min(t, kernel.rowCount - 1) { y[t, c] += kernel[j, c] * x[t - j, c] }
      }
    }
  }

  public func convolutionBackward(
    yGradient: Matrix, x: Matrix, kernel: Matrix, xGradient: Matrix, kernelGradient: Matrix
  ) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        for j in 0...min(t, kernel.rowCount - 1) {
          xGradient[t - j, c] += kernel[j, c] * yGradient[t, c]
          kernelGradient[j, c] += x[t - j, c] * yGradient[t, c]
        }
      }
    }
  }

  public func scanForward(
    x: Matrix, decay: Matrix, inputGain: Matrix, outputGain: Matrix, state: Matrix, y: Matrix
  ) {
    for c in 0..<x.columnCount {
      var before = Scalar.zero
      for t in 0..<x.rowCount {
        state[t, c] = decay[0, c] * before + inputGain[0, c] * x[t, c]
        y[t, c] = outputGain[0, c] * state[t, c]
        before = state[t, c]
      }
    }
  }

  /// The gradient of state_t is outputGain yGradient_t + decay (the gradient of state_(t+1)).
  public func scanBackward(
    yGradient: Matrix, x: Matrix, state: Matrix, decay: Matrix, inputGain: Matrix, outputGain: Matrix,
    carry: Matrix, xGradient: Matrix, decayGradient: Matrix, inputGainGradient: Matrix, outputGainGradient: Matrix
  ) {
    for c in 0..<x.columnCount {
      var stateGradient = Scalar.zero
      for t in (0..<x.rowCount).reversed() {
        stateGradient = outputGain[0, c] * yGradient[t, c] + decay[0, c] * stateGradient
        outputGainGradient[0, c] += yGradient[t, c] * state[t, c]
        inputGainGradient[0, c] += stateGradient * x[t, c]
        xGradient[t, c] += stateGradient * inputGain[0, c]
        if t > 0 { decayGradient[0, c] += stateGradient * state[t - 1, c] }
      }
    }
  }
}
