import CKernels

extension TunedKernels {
  public func headsForward(query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Float>, y: Matrix) {
    checkHeads(query, key, value, memory, y)
    let heads = memory.headCount
    let scale = 1 / Float(query.columnCount / heads).squareRoot()
    for head in 0..<heads {
      let (query, key, value) = (query.head(head, of: heads), key.head(head, of: heads), value.head(head, of: heads))
      let y = y.head(head, of: heads)
      memory.forEachBlock { block in
        let weights = memory.weights(ofHead: head, block)
        let seen = 0..<block.keyCount
        transpose(query.rows(block.queries), into: memory.columnsIn.columns(0..<block.queries.count))
        matrixProduct(key.rows(seen), memory.columnsIn, into: weights)
        table.causal_softmax(block.queries.lowerBound, block.keyCount, scale, weights.base)
        matrixProduct(value.rows(seen).transposed, weights, into: memory.columnsOut)
        transpose(memory.columnsOut.columns(0..<block.queries.count), into: y.rows(block.queries))
      }
    }
  }

  public func headsBackward(
    yGradient: Matrix, query: Matrix, key: Matrix, value: Matrix, memory: HeadsMemory<Float>,
    queryGradient: Matrix, keyGradient: Matrix, valueGradient: Matrix
  ) {
    let heads = memory.headCount
    checkHeads(query, key, value, memory, yGradient)
    checkHeads(queryGradient, keyGradient, valueGradient, memory, yGradient)
    let scale = 1 / Float(query.columnCount / heads).squareRoot()
    keyGradient.clear()
    valueGradient.clear()
    for head in 0..<heads {
      let (query, key, value) = (query.head(head, of: heads), key.head(head, of: heads), value.head(head, of: heads))
      let (yGradient, queryGradient) = (yGradient.head(head, of: heads), queryGradient.head(head, of: heads))
      let (keyGradient, valueGradient) = (keyGradient.head(head, of: heads), valueGradient.head(head, of: heads))
      memory.forEachBlock { block in
        let weights = memory.weights(ofHead: head, block)
        let (seen, queries) = (0..<block.keyCount, 0..<block.queries.count)
        let scores = memory.weightsGradient.rows(seen)
        transpose(yGradient.rows(block.queries), into: memory.columnsIn.columns(queries))
        matrixProduct(value.rows(seen), memory.columnsIn, into: scores)
        table.causal_softmax_backward(block.keyCount, scale, weights.base, scores.base)
        matrixProduct(
          weights.columns(queries), yGradient.rows(block.queries), addingTo: valueGradient.rows(seen))
        matrixProduct(scores.columns(queries), query.rows(block.queries), addingTo: keyGradient.rows(seen))
        matrixProduct(key.rows(seen).transposed, scores, into: memory.columnsOut)
        transpose(memory.columnsOut.columns(queries), into: queryGradient.rows(block.queries))
      }
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
    precondition(memory.isFor(rows, headWidth: d / memory.headCount), "the memory is of another shape")
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
