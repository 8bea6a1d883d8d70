import Formats
import Kernels

extension SequenceGraph {
  /// Adds the gradient of the loss whose logits' gradient stands in `head.logits`. A ternary tensor's gradient passes
  /// straight through its rounding to the float parameter (Bengio, Léonard and Courville, arXiv:1308.3432).
  public func backward(_ window: TokenWindow, _ weights: EffectiveWeights<Kernels>, addingTo gradient: Matrix) {
    precondition(gradient.columnCount == layout.count, "a gradient of another layout")
    kernels.matrixProduct(
      head.logits.transposed, head.normed, addingTo: layout.unembedding.view(in: gradient))
    kernels.matrixProduct(head.logits, layout.unembedding.view(in: weights.values), into: gradients.normed)
    gradients.x.clear()
    kernels.layerNormBackward(
      yGradient: gradients.normed, gamma: layout.finalGamma.view(in: weights.values),
      normalised: head.normalised, inverseDeviation: head.inverseDeviation, xGradient: gradients.x,
      gammaGradient: layout.finalGamma.view(in: gradient), betaGradient: layout.finalBeta.view(in: gradient))
    for index in layers.indices.reversed() { backward(layer: index, weights, gradient) }
    let embedding = layout.embedding.view(in: gradient)
    for t in 0..<window.positionCount {
      kernels.add(gradients.x.row(t), to: embedding.row(Int(window.tokens[t])))
    }
  }

  private func backward(layer index: Int, _ weights: EffectiveWeights<Kernels>, _ gradient: Matrix) {
    let tensors = layout.layers[index]
    let memory = layers[index]
    gradients.projections.whole.clear()
    kernels.mixBackward(
      xGradient: gradients.x, weights: memory.projections.router, local: memory.localOutput,
      state: memory.stateOutput, sparse: memory.sparseOutput, weightsGradient: gradients.projections.router,
      localGradient: gradients.local, stateGradient: gradients.state, sparseGradient: gradients.sparse)
    kernels.routerBackward(weights: memory.projections.router, gradient: gradients.projections.router)
    kernels.attentionBackward(
      yGradient: gradients.sparse, query: memory.projections.query, key: memory.projections.key,
      value: memory.projections.value, memory: memory.attention, queryGradient: gradients.projections.query,
      keyGradient: gradients.projections.key, valueGradient: gradients.projections.value)
    backwardProjections(tensors, memory, weights, gradient)
    backwardConvolution(tensors, memory, weights.layers[index], gradient)
    backwardScan(tensors, memory, weights, weights.layers[index], gradient)
    kernels.layerNormBackward(
      yGradient: gradients.normed, gamma: tensors.gamma.view(in: weights.values),
      normalised: memory.normalised, inverseDeviation: memory.inverseDeviation, xGradient: gradients.x,
      gammaGradient: tensors.gamma.view(in: gradient), betaGradient: tensors.beta.view(in: gradient))
  }

  /// Overwrites the gradient of the normed input; the other pathways add to it.
  private func backwardProjections(
    _ tensors: ParameterLayout.Layer, _ memory: LayerMemory<Scalar>, _ weights: EffectiveWeights<Kernels>,
    _ gradient: Matrix
  ) {
    let projections = gradients.projections.whole.columns(0..<layout.shape.projectionCount)
    kernels.matrixProduct(projections.transposed, memory.normed, addingTo: tensors.projections(in: gradient))
    kernels.matrixProduct(projections, tensors.projections(in: weights.values), into: gradients.normed)
  }

  private func backwardConvolution(
    _ tensors: ParameterLayout.Layer, _ memory: LayerMemory<Scalar>,
    _ transposed: EffectiveWeights<Kernels>.Layer, _ gradient: Matrix
  ) {
    gradients.kernel.clear()
    kernels.convolutionBackward(
      yGradient: gradients.local, x: memory.normed, kernel: transposed.kernel, xGradient: gradients.normed,
      kernelGradient: gradients.kernel)
    kernels.transpose(gradients.kernel, into: gradients.convolution)
    kernels.add(gradients.convolution, to: tensors.convolution.view(in: gradient))
  }

  private func backwardScan(
    _ tensors: ParameterLayout.Layer, _ memory: LayerMemory<Scalar>, _ weights: EffectiveWeights<Kernels>,
    _ transposed: EffectiveWeights<Kernels>.Layer, _ gradient: Matrix
  ) {
    gradients.decay.clear()
    kernels.scanBackward(
      yGradient: gradients.state, x: memory.normed, state: memory.state, decay: transposed.decay,
      inputGain: tensors.inputGain.view(in: weights.values),
      outputGain: tensors.outputGain.view(in: weights.values), carry: gradients.carry,
      xGradient: gradients.normed, decayGradient: gradients.decay,
      inputGainGradient: tensors.inputGain.view(in: gradient),
      outputGainGradient: tensors.outputGain.view(in: gradient))
    let parameterGradient = tensors.decay.view(in: gradient)
    for c in 0..<gradients.decay.columnCount {
      let decay = transposed.decay[0, c]
      parameterGradient[0, c] += gradients.decay[0, c] * (1 - decay * decay)
    }
  }
}
