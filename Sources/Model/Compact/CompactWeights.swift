import Formats
import Kernels
import Networks

/// A compact student's weights: its parameters, matrices rounded to 4 bits a weight with a scale a row, and the
/// transposes that products need.
public final class CompactWeights<Kernels: KernelSet>: NetworkWeights {
  public typealias Matrix = MatrixView<Kernels.Scalar>

  /// One block's matrices, transposed: (inputs, outputs).
  struct Layer {
    /// (d, g + 2 m): write gates, value, read gates.
    let projections: Matrix
    let output: Matrix
    let hidden: Matrix
    let down: Matrix
  }

  let layout: CompactLayout
  package nonisolated(unsafe) let values: Matrix
  nonisolated(unsafe) let layers: [Layer]
  /// (d, V).
  nonisolated(unsafe) let table: Matrix
  private let kernels: Kernels
  private let arena: Arena<Kernels.Scalar>

  public init(kernels: Kernels, layout: CompactLayout) {
    self.kernels = kernels
    self.layout = layout
    let shape = layout.shape
    let (d, m, f) = (shape.modelWidth, shape.stateWidth, shape.hiddenWidth)
    let room = Arena<Kernels.Scalar>.room
    let perLayer = room(d, shape.projectionCount) + room(m, d) + room(d, f) + room(f, d)
    arena = Arena(
      capacity: room(1, layout.count) + shape.layerCount * perLayer + room(d, CompactShape.vocabularySize))
    let arena = arena
    values = arena.takeVector(layout.count)
    layers = layout.layers.map { _ in
      Layer(
        projections: arena.takeMatrix(d, shape.projectionCount), output: arena.takeMatrix(m, d),
        hidden: arena.takeMatrix(d, f),
        down: arena.takeMatrix(f, d))
    }
    table = arena.takeMatrix(d, CompactShape.vocabularySize)
  }

  /// The table and the final gain, and the blocks.
  public var pieceCount: Int { layers.count + 1 }

  public func refresh(piece: Int, from parameters: Matrix, rounding: WeightRounding) {
    if piece == 0 {
      refresh(layout.table, from: parameters, rounding)
      refresh(layout.finalGain, from: parameters, rounding)
      kernels.transpose(layout.table.view(in: values), into: table)
      return
    }
    let (tensors, layer) = (layout.layers[piece - 1], layers[piece - 1])
    for tensor in tensors.tensors { refresh(tensor, from: parameters, rounding) }
    kernels.transpose(tensors.projections(in: values), into: layer.projections)
    kernels.transpose(tensors.output.view(in: values), into: layer.output)
    kernels.transpose(tensors.hidden.view(in: values), into: layer.hidden)
    kernels.transpose(tensors.down.view(in: values), into: layer.down)
  }

  private func refresh(_ tensor: ParameterTensor, from parameters: Matrix, _ rounding: WeightRounding) {
    let (source, target) = (tensor.view(in: parameters), tensor.view(in: values))
    guard tensor.rowCount > 1, rounding != .none else {
      target.base.update(from: source.base, count: tensor.count)
      return
    }
    kernels.roundRows(source, levels: CompactShape.weightLevels, rounded: target)
  }
}

extension CompactLayout.Layer {
  /// Gates and value lie one after the other, so one product computes all three: (g + 2 m, d).
  func projections<Scalar>(in vector: MatrixView<Scalar>) -> MatrixView<Scalar> {
    precondition(readGate.range.upperBound <= vector.columnCount, "the vector is of another layout")
    return MatrixView(
      vector.base + writeGate.offset, rowCount: writeGate.rowCount + value.rowCount + readGate.rowCount,
      columnCount: writeGate.columnCount, rowStride: writeGate.columnCount)
  }
}

extension CompactShape {
  /// Rows of the fused product of a block's gates and value.
  var projectionCount: Int { gateCount + 2 * stateWidth }
}
