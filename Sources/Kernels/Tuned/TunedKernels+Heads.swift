import CKernels

extension TunedKernels {
  /// Queries are worked on in blocks, so that most of the products with keys that they do not see are left out.
  private static let blockRowCount = 66

  public func headsForward(query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Float>, y: Matrix) {
    let rows = query.rowCount
    checkHeads(query, key, value, memory, y)
    let scale = 1 / Float(query.columnCount / memory.headCount).squareRoot()
    for head in 0..<memory.headCount {
      let probability = memory.probability(ofHead: head)
      let (query, value) = (query.head(head, of: memory.headCount), value.head(head, of: memory.headCount))
      let y = y.head(head, of: memory.headCount)
      transpose(key.head(head, of: memory.headCount), into: memory.transposed.columns(0..<rows))
      forEachBlock(of: rows) { block, seen in
        let padded = seen.roundedUp(toMultipleOf: 16)
        let scores = probability.rows(block).columns(0..<padded)
        matrixProduct(query.rows(block), memory.transposed.columns(0..<padded), into: scores)
        for t in block {
          table.causal_softmax(t + 1, padded, scale, probability.row(t).base)
        }
        matrixProduct(scores.columns(0..<seen), value.rows(0..<seen), into: y.rows(block))
      }
    }
  }

  public func headsBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Float>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix
  ) {
    let (rows, heads) = (query.rowCount, memory.headCount)
    checkHeads(query, key, value, memory, yGradient)
    checkHeads(queryGradient, keyGradient, valueGradient, memory, yGradient)
    let scale = 1 / Float(query.columnCount / heads).squareRoot()
    keyGradient.clear()
    valueGradient.clear()
    for head in 0..<heads {
      let (query, key) = (query.head(head, of: heads), key.head(head, of: heads))
      let (yGradient, queryGradient) = (yGradient.head(head, of: heads), queryGradient.head(head, of: heads))
      let (keyGradient, valueGradient) = (keyGradient.head(head, of: heads), valueGradient.head(head, of: heads))
      let probability = memory.probability(ofHead: head)
      transpose(value.head(head, of: heads), into: memory.transposed.columns(0..<rows))
      forEachBlock(of: rows) { block, seen in
        let padded = seen.roundedUp(toMultipleOf: 16)
        let scores = memory.scoresGradient.rows(block).columns(0..<padded)
        matrixProduct(yGradient.rows(block), memory.transposed.columns(0..<padded), into: scores)
        for t in block {
          table.causal_softmax_backward(
            t + 1, padded, scale, probability.row(t).base, memory.scoresGradient.row(t).base)
        }
        let weights = probability.rows(block).columns(0..<seen)
        let seenScores = scores.columns(0..<seen)
        matrixProduct(weights.transposed, yGradient.rows(block), addingTo: valueGradient.rows(0..<seen))
        matrixProduct(seenScores, key.rows(0..<seen), into: queryGradient.rows(block))
        matrixProduct(seenScores.transposed, query.rows(block), addingTo: keyGradient.rows(0..<seen))
      }
    }
  }

  /// Calls `body` with each block of queries and with how many keys its last query sees.
  private func forEachBlock(of rowCount: Int, _ body: (Range<Int>, Int) -> Void) {
    var start = 0
    while start < rowCount {
      let end = min(start + Self.blockRowCount, rowCount)
      body(start..<end, end)
      start = end
    }
  }

  private func checkHeads(
    _ query: Matrix, _ key: Matrix, _ value: Matrix, _ memory: HeadsMemory<Float>, _ y: Matrix
  ) {
    let (rows, d) = (query.rowCount, query.columnCount)
    query.check(rows, d, "query")
    key.check(rows, d, "key")
    value.check(rows, d, "value")
    y.check(rows, d, "y")
    precondition(d.isMultiple(of: memory.headCount), "heads of unequal width")
    precondition(
      memory.probability.rowCount == memory.headCount * rows && memory.scoresGradient.rowCount == rows
        && memory.transposed.rowCount == d / memory.headCount,
      "the memory is of another shape")
  }

  public func geluForward(x: Matrix, y: Matrix) {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    y.checkContiguous(x.rowCount, x.columnCount, "y")
    table.gelu_forward(x.count, x.base, y.base)
  }

  public func geluBackward(x: Matrix, gradient: Matrix) {
    x.checkContiguous(x.rowCount, x.columnCount, "x")
    gradient.checkContiguous(x.rowCount, x.columnCount, "gradient")
    table.gelu_backward(x.count, x.base, gradient.base)
  }
}
