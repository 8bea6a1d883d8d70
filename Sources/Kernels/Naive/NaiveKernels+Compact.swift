extension NaiveKernels {
  public func rmsNormForward(x: Matrix, gain: Matrix, normalised: Matrix, inverseSize: Matrix, y: Matrix) {
    let d = x.columnCount
    for t in 0..<x.rowCount {
      let square = sum(d) { x[t, $0] * x[t, $0] } / Scalar(d)
      inverseSize[0, t] = 1 / (square + Scalar(1e-5)).squareRoot()
      for c in 0..<d {
        normalised[t, c] = x[t, c] * inverseSize[0, t]
        y[t, c] = normalised[t, c] * gain[0, c]
      }
    }
  }

  /// With g = yGradient gain and n = normalised: xGradient = (g - n mean(g n)) inverseSize.
  public func rmsNormBackward(
    yGradient: Matrix, gain: Matrix, normalised: Matrix, inverseSize: Matrix, xGradient: Matrix, gainGradient: Matrix
  ) {
    let d = yGradient.columnCount
    for t in 0..<yGradient.rowCount {
      let projection = sum(d) { yGradient[t, $0] * gain[0, $0] * normalised[t, $0] } / Scalar(d)
      for c in 0..<d {
        xGradient[t, c] += (yGradient[t, c] * gain[0, c] - normalised[t, c] * projection) * inverseSize[0, t]
        gainGradient[0, c] += yGradient[t, c] * normalised[t, c]
      }
    }
  }

  public func gatedScanForward(projections: Matrix, bias: Matrix, spread _: Matrix, state: Matrix, y: Matrix) {
    let (gates, m) = (bias.columnCount, state.columnCount)
    for t in 0..<state.rowCount {
      for k in 0..<gates { projections[t, k] = sigmoid(projections[t, k] + bias[0, k]) }
      for i in 0..<m {
        let (z, before) = (projections[t, i / (m / gates)], t > 0 ? state[t - 1, i] : 0)
        state[t, i] = before + z * (projections[t, gates + i] - before)
        projections[t, gates + m + i] = sigmoid(projections[t, gates + m + i])
        y[t, i] = projections[t, gates + m + i] * state[t, i]
      }
    }
  }

  /// With G the whole gradient of state_t: G = r_t yGradient_t + (1 - z_(t+1)) G_(t+1).
  public func gatedScanBackward(
    yGradient: Matrix, projections: Matrix, state: Matrix, spread _: Matrix, carry _: Matrix,
    projectionsGradient: Matrix, biasGradient: Matrix
  ) {
    let (gates, m) = (biasGradient.columnCount, state.columnCount)
    for t in 0..<state.rowCount { for k in 0..<gates { projectionsGradient[t, k] = 0 } }
    for i in 0..<m {
      let gate = i / (m / gates)
      var fromLater = Scalar.zero
      for t in (0..<state.rowCount).reversed() {
        let (z, read) = (projections[t, gate], projections[t, gates + m + i])
        let before = t > 0 ? state[t - 1, i] : 0
        let whole = yGradient[t, i] * read + fromLater
        let slope = whole * (projections[t, gates + i] - before) * z * (1 - z)
        projectionsGradient[t, gate] += slope
        biasGradient[0, gate] += slope
        projectionsGradient[t, gates + i] = whole * z
        projectionsGradient[t, gates + m + i] = yGradient[t, i] * state[t, i] * read * (1 - read)
        fromLater = whole * (1 - z)
      }
    }
  }

  private func sigmoid(_ x: Scalar) -> Scalar { 1 / (1 + Scalar.exponential(-x)) }

  public func squaredReLUForward(x: Matrix, y: Matrix) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount { y[t, c] = max(x[t, c], 0) * max(x[t, c], 0) }
    }
  }

  public func squaredReLUBackward(x: Matrix, gradient: Matrix) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount { gradient[t, c] *= 2 * max(x[t, c], 0) }
    }
  }
}
