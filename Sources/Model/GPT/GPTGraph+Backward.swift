import Formats
import Kernels

extension GPTGraph {
  /// Adds the gradient of the loss whose logits' gradient stands in `logits`.
  public func backward(_ window: TokenWindow, _ weights: Weights, addingTo gradient: Matrix) {
    precondition(gradient.columnCount == layout.count, "a gradient of another layout")
    backward(
      through: layout.unembedding.view(in: weights.values), yGradient: logits, input: finalNorm.normed,
      inputGradient: gradients.normed, gradient: layout.unembedding.view(in: gradient))
    gradients.x.clear()
    backwardNorm(finalNorm, layout.finalGamma, layout.finalBeta, weights, gradient)
    for index in layers.indices.reversed() {
      backwardFeedForward(index, weights, gradient)
      backwardAttention(index, weights, gradient)
    }
    let embedding = layout.embedding.view(in: gradient)
    for t in 0..<window.positionCount {
      kernels.add(gradients.x.row(t), to: embedding.row(Int(window.tokens[t])))
    }
    kernels.add(gradients.x, to: layout.positions.view(in: gradient).rows(0..<window.positionCount))
  }

  private func backwardFeedForward(_ index: Int, _ weights: Weights, _ gradient: Matrix) {
    let (tensors, memory) = (layout.layers[index], layers[index])
    backward(
      through: tensors.feedForwardOutput.view(in: weights.values), yGradient: gradients.x, input: memory.activated,
      inputGradient: gradients.hidden, gradient: tensors.feedForwardOutput.view(in: gradient))
    kernels.geluBackward(x: memory.hidden, gradient: gradients.hidden)
    backward(
      through: tensors.feedForwardInput.view(in: weights.values), yGradient: gradients.hidden,
      input: memory.feedForwardNorm.normed, inputGradient: gradients.normed,
      gradient: tensors.feedForwardInput.view(in: gradient))
    backwardNorm(memory.feedForwardNorm, tensors.feedForwardGamma, tensors.feedForwardBeta, weights, gradient)
  }

  private func backwardAttention(_ index: Int, _ weights: Weights, _ gradient: Matrix) {
    let (tensors, memory) = (layout.layers[index], layers[index])
    backward(
      through: tensors.output.view(in: weights.values), yGradient: gradients.x, input: memory.mixed,
      inputGradient: gradients.mixed, gradient: tensors.output.view(in: gradient))
    kernels.headsBackward(
      yGradient: gradients.mixed, query: part(0, of: memory.projections), key: part(1, of: memory.projections),
      value: part(2, of: memory.projections), memory: memory.heads,
      queryGradient: part(0, of: gradients.projections), keyGradient: part(1, of: gradients.projections),
      valueGradient: part(2, of: gradients.projections))
    backward(
      through: tensors.projections(in: weights.values), yGradient: gradients.projections,
      input: memory.attentionNorm.normed, inputGradient: gradients.normed, gradient: tensors.projections(in: gradient))
    backwardNorm(memory.attentionNorm, tensors.attentionGamma, tensors.attentionBeta, weights, gradient)
  }

  /// One linear layer, y = input matrixᵀ: adds to the matrix's gradient, overwrites the input's.
  private func backward(
    through matrix: Matrix, yGradient: Matrix, input: Matrix, inputGradient: Matrix, gradient: Matrix
  ) {
    kernels.matrixProduct(yGradient.transposed, input, addingTo: gradient)
    kernels.matrixProduct(yGradient, matrix, into: inputGradient)
  }

  /// From the gradient of a norm's output to that of the residual stream, which it adds to.
  private func backwardNorm(
    _ memory: NormMemory<Scalar>, _ gamma: ParameterTensor, _ beta: ParameterTensor, _ weights: Weights,
    _ gradient: Matrix
  ) {
    kernels.layerNormBackward(
      yGradient: gradients.normed, gamma: gamma.view(in: weights.values), normalised: memory.normalised,
      inverseDeviation: memory.inverseDeviation, xGradient: gradients.x, gammaGradient: gamma.view(in: gradient),
      betaGradient: beta.view(in: gradient))
  }
}
