extension NaiveKernels {
  public func absoluteSum(_ x: Matrix) -> Double {
    var sum = 0.0
    for row in 0..<x.rowCount {
      for column in 0..<x.columnCount { sum += Double(abs(x[row, column])) }
    }
    return sum
  }

  public func roundToTrits(_ x: Matrix, alpha: Scalar, scale: Scalar, rounded: Matrix) {
    roundToTrits(x, alpha: alpha, scale: scale, rounded: rounded) { _ in 0 }
  }

  public func roundToTrits(_ x: Matrix, alpha: Scalar, scale: Scalar, noise: RoundingNoise, rounded: Matrix) {
    roundToTrits(x, alpha: alpha, scale: scale, rounded: rounded) { Scalar(noise.value(at: $0)) }
  }

  private func roundToTrits(
    _ x: Matrix, alpha: Scalar, scale: Scalar, rounded: Matrix, noise: (Int) -> Scalar
  ) {
    for row in 0..<x.rowCount {
      for column in 0..<x.columnCount {
        let ratio = x[row, column] / alpha + noise(row * x.columnCount + column)
        rounded[row, column] = scale * min(max(ratio.rounded(.toNearestOrEven), -1), 1)
      }
    }
  }

  public func roundRows(_ x: Matrix, levels: Int, rounded: Matrix) {
    roundRows(x, levels: levels, rounded: rounded) { _ in 0 }
  }

  public func roundRows(_ x: Matrix, levels: Int, noise: RoundingNoise, rounded: Matrix) {
    roundRows(x, levels: levels, rounded: rounded) { Scalar(noise.value(at: $0)) }
  }

  private func roundRows(_ x: Matrix, levels: Int, rounded: Matrix, noise: (Int) -> Scalar) {
    let columns = 0..<x.columnCount
    for row in 0..<x.rowCount {
      let scale = columns.reduce(0) { max($0, abs(x[row, $1])) } / Scalar(levels)
      for column in columns {
        let ratio = scale == 0 ? 0 : x[row, column] / scale + noise(row * x.columnCount + column)
        rounded[row, column] = scale * min(max(ratio.rounded(.toNearestOrEven), -Scalar(levels)), Scalar(levels))
      }
    }
  }

  public func sumOfSquares(_ x: Matrix) -> Double {
    var sum = 0.0
    for row in 0..<x.rowCount {
      for column in 0..<x.columnCount { sum += Double(x[row, column]) * Double(x[row, column]) }
    }
    return sum
  }

  public func sumOfProducts(_ x: Matrix, _ y: Matrix) -> Double {
    var sum = 0.0
    for row in 0..<x.rowCount {
      for column in 0..<x.columnCount { sum += Double(x[row, column]) * Double(y[row, column]) }
    }
    return sum
  }

  public func addLanes(_ lanes: Matrix, sum: Matrix) {
    sum.clear()
    for lane in 0..<lanes.rowCount { add(lanes.row(lane), to: sum) }
  }

  public func adamW(
    gradient: Matrix, parameter: Matrix, firstMoment: Matrix, secondMoment: Matrix, rule: AdamWRule<Scalar>
  ) {
    for i in 0..<parameter.columnCount {
      let g = gradient[0, i] * rule.gradientScale
      firstMoment[0, i] = rule.beta1 * firstMoment[0, i] + (1 - rule.beta1) * g
      secondMoment[0, i] = rule.beta2 * secondMoment[0, i] + (1 - rule.beta2) * g * g
      let mean = firstMoment[0, i] / rule.correction1
      let deviation = (secondMoment[0, i] / rule.correction2).squareRoot()
      parameter[0, i] -= rule.learningRate * rule.weightDecay * parameter[0, i]
      parameter[0, i] -= rule.learningRate * mean / (deviation + rule.epsilon)
    }
  }
}
