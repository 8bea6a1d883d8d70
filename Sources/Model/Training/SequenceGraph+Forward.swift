import Formats
import Kernels

extension SequenceGraph {
  public func forward(_ window: TokenWindow, _ weights: EffectiveWeights<Kernels>) -> Matrix {
    fit(window)
    let embedding = layout.embedding.view(in: weights.values)
    for t in 0..<window.positionCount {
      x.row(t).base.update(from: embedding.row(Int(window.tokens[t])).base, count: x.columnCount)
    }
    for index in layers.indices { forward(layer: index, weights) }
    kernels.layerNormForward(
      x: x, gamma: layout.finalGamma.view(in: weights.values), beta: layout.finalBeta.view(in: weights.values),
      normalised: head.normalised, inverseDeviation: head.inverseDeviation, y: head.normed)
    kernels.matrixProduct(head.normed, weights.unembedding, into: head.logits)
    return head.logits
  }

  private func forward(layer index: Int, _ weights: EffectiveWeights<Kernels>) {
    let tensors = layout.layers[index]
    let transposed = weights.layers[index]
    let memory = layers[index]
    kernels.layerNormForward(
      x: x, gamma: tensors.gamma.view(in: weights.values), beta: tensors.beta.view(in: weights.values),
      normalised: memory.normalised, inverseDeviation: memory.inverseDeviation, y: memory.normed)
    kernels.matrixProduct(memory.normed, transposed.projections, into: memory.projections.whole)
    route(memory.projections.router)
    kernels.convolutionForward(x: memory.normed, kernel: transposed.kernel, y: memory.localOutput)
    kernels.scanForward(
      x: memory.normed, decay: transposed.decay, inputGain: tensors.inputGain.view(in: weights.values),
      outputGain: tensors.outputGain.view(in: weights.values), state: memory.state, y: memory.stateOutput)
    kernels.attentionForward(
      query: memory.projections.query, key: memory.projections.key, value: memory.projections.value,
      memory: memory.attention, y: memory.sparseOutput)
    kernels.mixForward(
      weights: memory.projections.router, local: memory.localOutput, state: memory.stateOutput,
      sparse: memory.sparseOutput, x: x)
  }
}
