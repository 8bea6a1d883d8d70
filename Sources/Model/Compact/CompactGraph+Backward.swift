import Formats
import Kernels

extension CompactGraph {
  /// Adds the gradient of the loss whose logits' gradient stands in `logits`. A matrix's gradient passes straight
  /// through its rounding to the float parameter (Bengio, Léonard and Courville, arXiv:1308.3432).
  public func backward(_ window: TokenWindow, _ weights: Weights, addingTo gradient: Matrix) {
    precondition(gradient.columnCount == layout.count, "a gradient of another layout")
    backward(layout.table, weights, gradient, yGradient: logits, input: finalNorm.normed, gradients.normed)
    gradients.x.clear()
    backwardNorm(finalNorm, layout.finalGain, weights, gradient)
    for index in layers.indices.reversed() {
      backwardFeedForward(index, weights, gradient)
      backwardState(index, weights, gradient)
    }
    let table = layout.table.view(in: gradient)
    for (place, token) in window.tokens[..<(window.readCount * window.positionCount)].enumerated() {
      kernels.add(gradients.x.row(place / window.readCount), to: table.row(Int(token)))
    }
  }

  private func backwardFeedForward(_ index: Int, _ weights: Weights, _ gradient: Matrix) {
    let (tensors, memory) = (layout.layers[block(at: index)], layers[index])
    backward(tensors.down, weights, gradient, yGradient: gradients.x, input: memory.activated, gradients.hidden)
    kernels.squaredReLUBackward(x: memory.hidden, gradient: gradients.hidden)
    backward(
      tensors.hidden, weights, gradient, yGradient: gradients.hidden, input: memory.feedForwardNorm.normed,
      gradients.normed)
    backwardNorm(memory.feedForwardNorm, tensors.feedForwardGain, weights, gradient)
  }

  private func backwardState(_ index: Int, _ weights: Weights, _ gradient: Matrix) {
    let (tensors, memory) = (layout.layers[block(at: index)], layers[index])
    backward(tensors.output, weights, gradient, yGradient: gradients.x, input: memory.read, gradients.read)
    kernels.gatedScanBackward(
      yGradient: gradients.read, projections: memory.projections, state: memory.state, spread: gradients.spread,
      carry: gradients.carry, projectionsGradient: gradients.projections,
      biasGradient: tensors.gateBias.view(in: gradient))
    kernels.matrixProduct(
      gradients.projections.transposed, memory.stateNorm.normed, addingTo: tensors.projections(in: gradient))
    kernels.matrixProduct(gradients.projections, tensors.projections(in: weights.values), into: gradients.normed)
    backwardNorm(memory.stateNorm, tensors.stateGain, weights, gradient)
  }

  /// One linear layer, y = input matrixᵀ: adds to the matrix's gradient, overwrites the input's.
  private func backward(
    _ tensor: ParameterTensor, _ weights: Weights, _ gradient: Matrix, yGradient: Matrix, input: Matrix,
    _ inputGradient: Matrix
  ) {
    kernels.matrixProduct(yGradient.transposed, input, addingTo: tensor.view(in: gradient))
    kernels.matrixProduct(yGradient, tensor.view(in: weights.values), into: inputGradient)
  }

  /// From the gradient of a norm's output to that of the residual stream, which it adds to.
  private func backwardNorm(
    _ memory: NormMemory<Scalar>, _ gain: ParameterTensor, _ weights: Weights, _ gradient: Matrix
  ) {
    kernels.rmsNormBackward(
      yGradient: gradients.normed, gain: gain.view(in: weights.values), normalised: memory.normalised,
      inverseSize: memory.inverseDeviation, xGradient: gradients.x, gainGradient: gain.view(in: gradient))
  }
}
