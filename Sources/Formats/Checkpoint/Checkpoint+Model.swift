import Networks

extension TrainingCheckpoint where Shape == AtomeShape {
  /// The model that the checkpoint's float parameters round to: what engines run and the exporter packs. Its logits are
  /// those of the training graph, since both round alike.
  public var model: AtomeModel {
    let layout = layout
    return AtomeModel(
      shape: shape,
      embedding: ternary(layout.embedding),
      layers: layout.layers.map(layer),
      finalGamma: Array(values(of: layout.finalGamma)),
      finalBeta: Array(values(of: layout.finalBeta)),
      unembedding: ternary(layout.unembedding))
  }

  private func layer(_ tensors: ParameterLayout.Layer) -> AtomeLayer {
    AtomeLayer(
      gamma: Array(values(of: tensors.gamma)), beta: Array(values(of: tensors.beta)),
      convolution: ternary(tensors.convolution), decay: Array(values(of: tensors.decay)),
      inputGain: Array(values(of: tensors.inputGain)), outputGain: Array(values(of: tensors.outputGain)),
      query: ternary(tensors.query), key: ternary(tensors.key), value: ternary(tensors.value),
      router: ternary(tensors.router))
  }

  private func ternary(_ tensor: ParameterLayout.Tensor) -> TernaryTensor {
    TernaryTensor(
      rounding: values(of: tensor), rowCount: tensor.rowCount, columnCount: tensor.columnCount,
      scaleParameter: layout.scaleIndex(of: tensor).map { parameters[$0] } ?? 0)
  }
}
