extension NaiveKernels {
  public func routerForward(_ logits: Matrix) {
    for t in 0..<logits.rowCount {
      for (pathway, weight) in softmax(logits.row(t)).enumerated() { logits[t, pathway] = weight }
    }
  }

  /// The softmax's Jacobian: logitGradient_i = weight_i (gradient_i - sum over j of weight_j gradient_j).
  public func routerBackward(weights: Matrix, gradient: Matrix) {
    for t in 0..<gradient.rowCount {
      let mean = sum(3) { weights[t, $0] * gradient[t, $0] }
      for pathway in 0..<3 { gradient[t, pathway] = weights[t, pathway] * (gradient[t, pathway] - mean) }
    }
  }

  public func mixForward(weights: Matrix, local: Matrix, state: Matrix, sparse: Matrix, x: Matrix) {
    for t in 0..<x.rowCount {
      for c in 0..<x.columnCount {
        x[t, c] += weights[t, 0] * local[t, c]
        x[t, c] += weights[t, 1] * state[t, c]
        x[t, c] += weights[t, 2] * sparse[t, c]
      }
    }
  }

  public func mixBackward(
    xGradient: Matrix, weights: Matrix, local: Matrix, state: Matrix, sparse: Matrix, weightsGradient: Matrix,
    localGradient: Matrix, stateGradient: Matrix, sparseGradient: Matrix
  ) {
    let branches = [(local, localGradient), (state, stateGradient), (sparse, sparseGradient)]
    for t in 0..<xGradient.rowCount {
      for (pathway, (branch, branchGradient)) in branches.enumerated() {
        weightsGradient[t, pathway] = 0
        for c in 0..<xGradient.columnCount {
          weightsGradient[t, pathway] += xGradient[t, c] * branch[t, c]
          branchGradient[t, c] = xGradient[t, c] * weights[t, pathway]
        }
      }
    }
  }
}
