import Formats
import Kernels
import Networks

/// A plain GPT's weights: its parameters, with matrices and tables rounded where that is asked for, and the transposes
/// that products need.
public final class GPTWeights<Kernels: KernelSet>: NetworkWeights {
  public typealias Matrix = MatrixView<Kernels.Scalar>

  /// One block's matrices, transposed: (inputs, outputs).
  struct Layer {
    /// (d, 3 d): query, key, value.
    let projections: Matrix
    let output: Matrix
    let feedForwardInput: Matrix
    let feedForwardOutput: Matrix
  }

  let layout: GPTLayout
  nonisolated(unsafe) let values: Matrix
  nonisolated(unsafe) let layers: [Layer]
  /// (d, V).
  nonisolated(unsafe) let unembedding: Matrix
  /// The tensors before and behind the blocks, and each block's; stored, since a training step walks over them.
  private let ends: [ParameterTensor]
  private let blocks: [[ParameterTensor]]
  private let kernels: Kernels
  private let arena: Arena<Kernels.Scalar>

  public init(kernels: Kernels, layout: GPTLayout) {
    self.kernels = kernels
    self.layout = layout
    ends =
      [layout.embedding, layout.positions, layout.finalGamma, layout.finalBeta]
      + (layout.shape.isTied ? [] : [layout.unembedding])
    blocks = layout.layers.map(\.tensors)
    let (d, f) = (layout.shape.modelWidth, layout.shape.feedForwardWidth)
    let room = Arena<Kernels.Scalar>.room
    let perLayer = room(d, 3 * d) + room(d, d) + 2 * room(d, f)
    arena = Arena(
      capacity: room(1, layout.count) + layout.shape.layerCount * perLayer + room(d, GPTShape.vocabularySize))
    let arena = arena
    values = arena.takeVector(layout.count)
    layers = layout.layers.map { _ in
      Layer(
        projections: arena.takeMatrix(d, 3 * d), output: arena.takeMatrix(d, d),
        feedForwardInput: arena.takeMatrix(d, f), feedForwardOutput: arena.takeMatrix(f, d))
    }
    unembedding = arena.takeMatrix(d, GPTShape.vocabularySize)
  }

  /// The tables and the output matrix, and the blocks.
  public var pieceCount: Int { layers.count + 1 }

  public func refresh(piece: Int, from parameters: Matrix, rounding: WeightRounding = .none) {
    if piece == 0 {
      for tensor in ends { refresh(tensor, from: parameters, rounding) }
      kernels.transpose(layout.unembedding.view(in: values), into: unembedding)
      return
    }
    let (tensors, layer) = (layout.layers[piece - 1], layers[piece - 1])
    for tensor in blocks[piece - 1] { refresh(tensor, from: parameters, rounding) }
    kernels.transpose(tensors.projections(in: values), into: layer.projections)
    kernels.transpose(tensors.output.view(in: values), into: layer.output)
    kernels.transpose(tensors.feedForwardInput.view(in: values), into: layer.feedForwardInput)
    kernels.transpose(tensors.feedForwardOutput.view(in: values), into: layer.feedForwardOutput)
  }

  /// Vectors are never rounded.
  private func refresh(_ tensor: ParameterTensor, from parameters: Matrix, _ rounding: WeightRounding) {
    let (source, target) = (tensor.view(in: parameters), tensor.view(in: values))
    guard case .rows(let levels, let noise) = rounding, tensor.rowCount > 1 else {
      target.base.update(from: source.base, count: tensor.count)
      return
    }
    if let noise {
      kernels.roundRows(source, levels: levels, noise: noise.dropping(tensor.offset), rounded: target)
    } else {
      kernels.roundRows(source, levels: levels, rounded: target)
    }
  }
}

extension GPTLayout.Layer {
  /// Query, key and value lie one after the other, so one product computes all three: (3 d, d).
  func projections<Scalar>(in vector: MatrixView<Scalar>) -> MatrixView<Scalar> {
    precondition(value.range.upperBound <= vector.columnCount, "the vector is of another layout")
    return MatrixView(
      vector.base + query.offset, rowCount: 3 * query.rowCount, columnCount: query.columnCount,
      rowStride: query.columnCount)
  }
}
