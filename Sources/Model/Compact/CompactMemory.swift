import Kernels
import Networks

/// What one block of a compact student leaves for its backward pass.
struct CompactLayerMemory<Scalar: RealNumber> {
  private(set) var stateNorm: NormMemory<Scalar>
  /// (L, g + 2 m): write gates, values and read gates; the scan opens gates in place.
  private(set) var projections: MatrixView<Scalar>
  /// (L, m), and what is read of it (L, m).
  private(set) var state: MatrixView<Scalar>
  private(set) var read: MatrixView<Scalar>
  private(set) var feedForwardNorm: NormMemory<Scalar>
  /// Before and after the square (L, f).
  private(set) var hidden: MatrixView<Scalar>
  private(set) var activated: MatrixView<Scalar>

  init(_ shape: CompactShape, positionCount rows: Int, arena: Arena<Scalar>) {
    let (d, m, f) = (shape.modelWidth, shape.stateWidth, shape.hiddenWidth)
    stateNorm = NormMemory(rows, d, arena)
    projections = arena.takeMatrix(rows, shape.projectionCount)
    state = arena.takeMatrix(rows, m)
    read = arena.takeMatrix(rows, m)
    feedForwardNorm = NormMemory(rows, d, arena)
    hidden = arena.takeMatrix(rows, f)
    activated = arena.takeMatrix(rows, f)
  }

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> CompactLayerMemory {
    let rows = 0..<positionCount
    var part = self
    part.stateNorm = stateNorm.first(positionCount)
    part.projections = projections.rows(rows)
    part.state = state.rows(rows)
    part.read = read.rows(rows)
    part.feedForwardNorm = feedForwardNorm.first(positionCount)
    part.hidden = hidden.rows(rows)
    part.activated = activated.rows(rows)
    return part
  }

  static func room(_ shape: CompactShape, positionCount rows: Int) -> Int {
    let room = Arena<Scalar>.room
    return 2 * NormMemory<Scalar>.room(rows, shape.modelWidth) + room(rows, shape.projectionCount)
      + 2 * room(rows, shape.stateWidth) + 2 * room(rows, shape.hiddenWidth)
  }
}

/// Gradients of activations; every block reuses them.
struct CompactGradients<Scalar: RealNumber> {
  private(set) var x: MatrixView<Scalar>
  private(set) var normed: MatrixView<Scalar>
  private(set) var projections: MatrixView<Scalar>
  private(set) var read: MatrixView<Scalar>
  private(set) var hidden: MatrixView<Scalar>
  /// The scan's scratch (m).
  let spread: MatrixView<Scalar>
  let carry: MatrixView<Scalar>

  init(_ shape: CompactShape, positionCount rows: Int, arena: Arena<Scalar>) {
    x = arena.takeMatrix(rows, shape.modelWidth)
    normed = arena.takeMatrix(rows, shape.modelWidth)
    projections = arena.takeMatrix(rows, shape.projectionCount)
    read = arena.takeMatrix(rows, shape.stateWidth)
    hidden = arena.takeMatrix(rows, shape.hiddenWidth)
    spread = arena.takeVector(shape.stateWidth)
    carry = arena.takeVector(shape.stateWidth)
  }

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> CompactGradients {
    let rows = 0..<positionCount
    var part = self
    part.x = x.rows(rows)
    part.normed = normed.rows(rows)
    part.projections = projections.rows(rows)
    part.read = read.rows(rows)
    part.hidden = hidden.rows(rows)
    return part
  }

  static func room(_ shape: CompactShape, positionCount rows: Int) -> Int {
    let room = Arena<Scalar>.room
    return 2 * room(rows, shape.modelWidth) + room(rows, shape.projectionCount) + room(rows, shape.stateWidth)
      + room(rows, shape.hiddenWidth) + 2 * room(1, shape.stateWidth)
  }
}
