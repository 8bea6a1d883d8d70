import CKernels

extension TunedKernels {
  public func attentionForward(
    query: Matrix, key: Matrix, value: Matrix, memory: AttentionMemory<Float>, y: Matrix
  ) {
    let (rows, h) = (query.rowCount, query.columnCount)
    checkAttention(query, key, value, memory, y)
    // One product scores all pairs, future keys included: at these sizes that is cheaper than skipping them.
    transpose(query, into: memory.transposedQuery.columns(0..<rows))
    matrixProduct(key, memory.transposedQuery, into: memory.scores)
    let queries = memory.scores.rowStride
    table.top_keys(
      rows, queries, memory.top, 1 / Float(h).squareRoot(), memory.scores.base, memory.chosen.base,
      memory.probability.base)
    table.attention_gather(
      rows, value.columnCount, queries, memory.top, memory.chosen.base, memory.probability.base, value.base,
      value.rowStride, y.base)
  }

  public func attentionBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: AttentionMemory<Float>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix
  ) {
    let (rows, h, d) = (query.rowCount, query.columnCount, value.columnCount)
    checkAttention(query, key, value, memory, yGradient)
    checkAttention(queryGradient, keyGradient, valueGradient, memory, yGradient)
    table.attention_backward(
      rows, d, h, memory.scores.rowStride, memory.top, 1 / Float(h).squareRoot(), memory.chosen.base,
      memory.probability.base, yGradient.base, query.base, key.base, value.base, query.rowStride,
      queryGradient.base, keyGradient.base, valueGradient.base, queryGradient.rowStride)
  }

  /// Queries, keys and values come from one product and so share one row stride.
  private func checkAttention(
    _ query: Matrix, _ key: Matrix, _ value: Matrix, _ memory: AttentionMemory<Float>, _ y: Matrix
  ) {
    let (rows, h) = (query.rowCount, query.columnCount)
    query.check(rows, h, "query")
    key.check(rows, h, "key")
    value.check(rows, y.columnCount, "value")
    y.checkContiguous(rows, value.columnCount, "y")
    precondition(
      query.rowStride == key.rowStride && key.rowStride == value.rowStride, "projections share one row stride")
    precondition(
      memory.scores.rowCount == rows && memory.transposedQuery.rowCount == h
        && memory.scores.columnCount.isMultiple(of: 16),
      "the memory is of another shape")
    precondition(memory.top <= Int(ALAMBIC_TOP_LIMIT), "more keys than a query may keep")
  }
}
