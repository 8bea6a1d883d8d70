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
