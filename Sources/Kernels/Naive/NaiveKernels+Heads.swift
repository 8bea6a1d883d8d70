extension NaiveKernels {
  public func headsForward(query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Scalar>, y: Matrix) {
    let headWidth = query.columnCount / memory.headCount
    let scale = 1 / Scalar(headWidth).squareRoot()
    for head in 0..<memory.headCount {
      let columns = head * headWidth..<(head + 1) * headWidth
      memory.forEachQuery(ofHead: head) { t, kept in
        let scores = (0...t).map { j in
          sum(headWidth) { query[t, columns.lowerBound + $0] * key[j, columns.lowerBound + $0] } * scale
        }
        let largest = scores.max() ?? 0
        let powers = scores.map { Scalar.exponential($0 - largest) }
        let total = powers.reduce(0, +)
        for j in 0...t { kept[0, j] = powers[j] / total }
        for c in columns {
          y[t, c] = sum(t + 1) { kept[0, $0] * value[$0, c] }
        }
      }
    }
  }

  public func headsBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Scalar>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix
  ) {
    let headWidth = query.columnCount / memory.headCount
    let scale = 1 / Scalar(headWidth).squareRoot()
    for gradient in [queryGradient, keyGradient, valueGradient] { gradient.clear() }
    for head in 0..<memory.headCount {
      let columns = head * headWidth..<(head + 1) * headWidth
      memory.forEachQuery(ofHead: head) { t, kept in
        let weights = (0...t).map { kept[0, $0] }
        let weightGradients = (0...t).map { j in columns.reduce(Scalar.zero) { $0 + yGradient[t, $1] * value[j, $1] } }
        let mean = sum(t + 1) { weights[$0] * weightGradients[$0] }
        for j in 0...t {
          let scoreGradient = weights[j] * (weightGradients[j] - mean) * scale
          for c in columns {
            valueGradient[j, c] += weights[j] * yGradient[t, c]
            queryGradient[t, c] += scoreGradient * key[j, c]
            keyGradient[j, c] += scoreGradient * query[t, c]
          }
        }
      }
    }
  }

  public func geluForward(x: Matrix, y: Matrix) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount { y[t, c] = x[t, c] * normalDistribution(x[t, c]) }
    }
  }

  public func geluBackward(x: Matrix, gradient: Matrix) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        let density = Scalar.exponential(-x[t, c] * x[t, c] / 2) / (2 * Scalar.pi).squareRoot()
        gradient[t, c] *= normalDistribution(x[t, c]) + x[t, c] * density
      }
    }
  }

  private func normalDistribution(_ x: Scalar) -> Scalar {
    (1 + Scalar.errorFunction(x / Scalar(2).squareRoot())) / 2
  }
}

extension HeadsMemory {
  /// Calls `body` with each query and its weights, one for each key.
  fileprivate func forEachQuery(ofHead head: Int, _ body: (Int, Matrix) -> Void) {
    forEachBlock { block in
      for t in block.queries {
        body(t, weights(ofHead: head, block).transposed.row(t - block.queries.lowerBound))
      }
    }
  }
}
