extension NaiveKernels {
  public func layerNormForward(
    x: Matrix, gamma: Matrix, beta: Matrix, normalised: Matrix, inverseDeviation: Matrix, y: Matrix
  ) {
    let d = x.columnCount
    for t in 0..<x.rowCount {
      let mean = sum(d) { x[t, $0] } / Scalar(d)
      let variance = sum(d) { (x[t, $0] - mean) * (x[t, $0] - mean) } / Scalar(d)
      inverseDeviation[0, t] = 1 / (variance + Scalar(1e-5)).squareRoot()
      for c in 0..<d {
        normalised[t, c] = (x[t, c] - mean) * inverseDeviation[0, t]
        y[t, c] = normalised[t, c] * gamma[0, c] + beta[0, c]
      }
    }
  }

  /// With g = yGradient gamma and n = normalised: xGradient = (g - mean(g) - n mean(g n)) inverseDeviation.
  public func layerNormBackward(
    yGradient: Matrix, gamma: Matrix, normalised: Matrix, inverseDeviation: Matrix, xGradient: Matrix,
    gammaGradient: Matrix, betaGradient: Matrix
  ) {
    let d = yGradient.columnCount
    for t in 0..<yGradient.rowCount {
      let scaled: [Scalar] = (0..<d).map { yGradient[t, $0] * gamma[0, $0] }
      let mean = sum(d) { scaled[$0] } / Scalar(d)
      let projection = sum(d) { scaled[$0] * normalised[t, $0] } / Scalar(d)
      for c in 0..<d {
        xGradient[t, c] += (scaled[c] - mean - normalised[t, c] * projection) * inverseDeviation[0, t]
        gammaGradient[0, c] += yGradient[t, c] * normalised[t, c]
        betaGradient[0, c] += yGradient[t, c]
      }
    }
  }
}
