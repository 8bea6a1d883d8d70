extension NaiveKernels {
  public func attentionForward(
    query: Matrix, key: Matrix, value: Matrix, memory: AttentionMemory<Scalar>, y: Matrix
  ) {
    let scale = 1 / Scalar(query.columnCount).squareRoot()
    for t in 0..<query.rowCount {
      let scores = (0...t).map { j in sum(query.columnCount) { query[t, $0] * key[j, $0] } * scale }
      let kept = (0...t).sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(memory.top)
      let powers = kept.map { Scalar.exponential(scores[$0] - scores[kept[0]]) }
      let total = sum(powers.count) { powers[$0] }
      y.row(t).clear()
      for (slot, j) in kept.enumerated() {
        memory.chosen[slot, t] = Int32(j)
        memory.probability[slot, t] = powers[slot] / total
        for c in 0..<value.columnCount { y[t, c] += memory.probability[slot, t] * value[j, c] }
      }
    }
  }

  public func attentionBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: AttentionMemory<Scalar>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix
  ) {
    let scale = 1 / Scalar(query.columnCount).squareRoot()
    for t in 0..<query.rowCount {
      let slots = 0..<min(t + 1, memory.top)
      let keys = slots.map { Int(memory.chosen[$0, t]) }
      let weights = slots.map { memory.probability[$0, t] }
      let weightGradients = keys.map { j in sum(value.columnCount) { yGradient[t, $0] * value[j, $0] } }
      let mean = sum(slots.count) { weights[$0] * weightGradients[$0] }
      for slot in slots {
        let scoreGradient = weights[slot] * (weightGradients[slot] - mean) * scale
        for c in 0..<value.columnCount { valueGradient[keys[slot], c] += weights[slot] * yGradient[t, c] }
        for i in 0..<query.columnCount {
          queryGradient[t, i] += scoreGradient * key[keys[slot], i]
          keyGradient[keys[slot], i] += scoreGradient * query[t, i]
        }
      }
    }
  }
}
