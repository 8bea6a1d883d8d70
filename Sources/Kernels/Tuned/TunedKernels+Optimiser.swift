import CKernels

extension TunedKernels {
  public func absoluteSum(_ x: Matrix) -> Double {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    return table.absolute_sum(x.count, x.base)
  }

  public func roundToTrits(_ x: Matrix, alpha: Float, scale: Float, rounded: Matrix) {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    rounded.checkContiguous(x.rowCount, x.columnCount, "rounded")
    table.round_to_trits(x.count, x.base, alpha, scale, rounded.base)
  }

  public func roundToTrits(_ x: Matrix, alpha: Float, scale: Float, noise: RoundingNoise, rounded: Matrix) {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    rounded.checkContiguous(x.rowCount, x.columnCount, "rounded")
    table.round_to_noisy_trits(x.count, x.base, alpha, scale, noise.width, noise.key, rounded.base)
  }

  public func roundRows(_ x: Matrix, levels: Int, rounded: Matrix) {
    checkRows(x, levels, rounded)
    for row in 0..<x.rowCount {
      table.round_row(x.columnCount, x.row(row).base, Float(levels), rounded.row(row).base)
    }
  }

  public func roundRows(_ x: Matrix, levels: Int, noise: RoundingNoise, rounded: Matrix) {
    checkRows(x, levels, rounded)
    for row in 0..<x.rowCount {
      let noise = noise.dropping(row * x.columnCount)
      table.round_noisy_row(
        x.columnCount, x.row(row).base, Float(levels), noise.width, noise.key, rounded.row(row).base)
    }
  }

  private func checkRows(_ x: Matrix, _ levels: Int, _ rounded: Matrix) {
    precondition(1...127 ~= levels, "levels outside 1…127")
    x.check(x.rowCount, x.columnCount, "x")
    rounded.check(x.rowCount, x.columnCount, "rounded")
  }

  public func sumOfSquares(_ x: Matrix) -> Double {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    return table.sum_of_squares(x.count, x.base)
  }

  public func sumOfProducts(_ x: Matrix, _ y: Matrix) -> Double {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    y.checkContiguous(x.rowCount, x.columnCount, "y")
    return table.sum_of_products(x.count, x.base, y.base)
  }

  public func addLanes(_ lanes: Matrix, sum: Matrix) {
    sum.check(1, lanes.columnCount, "sum")
    lanes.check(lanes.rowCount, sum.columnCount, "lanes")
    table.add_lanes(sum.columnCount, lanes.rowCount, lanes.base, lanes.rowStride, sum.base)
  }

  public func adamW(
    gradient: Matrix, parameter: Matrix, firstMoment: Matrix, secondMoment: Matrix, rule: AdamWRule<Float>
  ) {
    let count = parameter.columnCount
    gradient.checkContiguous(1, count, "gradient")
    parameter.checkContiguous(1, count, "parameter")
    firstMoment.checkContiguous(1, count, "firstMoment")
    secondMoment.checkContiguous(1, count, "secondMoment")
    table.adam_w(
      count, gradient.base, rule.gradientScale, rule.learningRate, rule.weightDecay, rule.beta1, rule.beta2,
      rule.correction1, rule.correction2, rule.epsilon, parameter.base, firstMoment.base, secondMoment.base)
  }
}
