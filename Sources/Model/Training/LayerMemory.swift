import Kernels
import Networks

/// What one block's forward pass leaves for its backward pass: L positions, one row each.
struct LayerMemory<Scalar: RealNumber> {
  typealias Matrix = MatrixView<Scalar>

  /// Layer norm before gamma and beta (L, d), after them (L, d), and 1 / deviation (L).
  let normalised: Matrix
  let normed: Matrix
  let inverseDeviation: Matrix
  /// The fused product (L, padded 2 h + d + 3), and its parts.
  let projections: Projections<Scalar>
  let attention: AttentionMemory<Scalar>
  /// The state (L, d).
  let state: Matrix
  /// The three pathways' outputs (L, d).
  let localOutput: Matrix
  let stateOutput: Matrix
  let sparseOutput: Matrix

  init(
    _ shape: AtomeShape, positionCount: Int, arena: Arena<Scalar>, indices: Arena<Int32>,
    scratch: AttentionMemory<Scalar>?
  ) {
    let (rows, d) = (positionCount, shape.modelWidth)
    normalised = arena.takeMatrix(rows, d)
    normed = arena.takeMatrix(rows, d)
    inverseDeviation = arena.takeVector(rows)
    projections = Projections(shape, arena.takeMatrix(rows, shape.paddedProjectionCount))
    attention = AttentionMemory(
      rowCount: rows, headWidth: shape.headWidth, top: shape.topK, arena: arena, indices: indices,
      scratch: scratch)
    state = arena.takeMatrix(rows, d)
    localOutput = arena.takeMatrix(rows, d)
    stateOutput = arena.takeMatrix(rows, d)
    sparseOutput = arena.takeMatrix(rows, d)
  }

  /// Room in an arena of scalars, attention's scratch not counted.
  static func room(_ shape: AtomeShape, positionCount: Int) -> Int {
    let room = Arena<Scalar>.room
    return 6 * room(positionCount, shape.modelWidth) + room(1, positionCount)
      + room(positionCount, shape.paddedProjectionCount)
      + AttentionMemory<Scalar>.room(rowCount: positionCount, top: shape.topK)
  }
}

/// The fused product of query, key, value and router, or its gradient.
struct Projections<Scalar> {
  let whole: MatrixView<Scalar>
  let query: MatrixView<Scalar>
  let key: MatrixView<Scalar>
  let value: MatrixView<Scalar>
  let router: MatrixView<Scalar>

  init(_ shape: AtomeShape, _ whole: MatrixView<Scalar>) {
    let (d, h) = (shape.modelWidth, shape.headWidth)
    self.whole = whole
    query = whole.columns(0..<h)
    key = whole.columns(h..<2 * h)
    value = whole.columns(2 * h..<2 * h + d)
    router = whole.columns(2 * h + d..<2 * h + d + 3)
  }
}
