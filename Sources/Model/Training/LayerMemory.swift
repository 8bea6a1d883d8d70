import Kernels
import Networks

/// What one block's forward pass leaves for its backward pass: L positions, one row each.
struct LayerMemory<Scalar: RealNumber> {
  typealias Matrix = MatrixView<Scalar>

  /// Layer norm before gamma and beta (L, d), after them (L, d), and 1 / deviation (L).
  private(set) var normalised: Matrix
  private(set) var normed: Matrix
  private(set) var inverseDeviation: Matrix
  /// The fused product (L, padded 2 h + d + 3), and its parts.
  private(set) var projections: Projections<Scalar>
  private(set) var attention: AttentionMemory<Scalar>
  /// The state (L, d).
  private(set) var state: Matrix
  /// The three pathways' outputs (L, d).
  private(set) var localOutput: Matrix
  private(set) var stateOutput: Matrix
  private(set) var sparseOutput: Matrix

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

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> LayerMemory {
    let rows = 0..<positionCount
    var part = self
    part.normalised = normalised.rows(rows)
    part.normed = normed.rows(rows)
    part.inverseDeviation = inverseDeviation.columns(rows)
    part.projections = projections.first(positionCount)
    part.attention = attention.first(positionCount)
    part.state = state.rows(rows)
    part.localOutput = localOutput.rows(rows)
    part.stateOutput = stateOutput.rows(rows)
    part.sparseOutput = sparseOutput.rows(rows)
    return part
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
  private(set) var whole: MatrixView<Scalar>
  private(set) var query: MatrixView<Scalar>
  private(set) var key: MatrixView<Scalar>
  private(set) var value: MatrixView<Scalar>
  private(set) var router: MatrixView<Scalar>

  init(_ shape: AtomeShape, _ whole: MatrixView<Scalar>) {
    let (d, h) = (shape.modelWidth, shape.headWidth)
    self.whole = whole
    query = whole.columns(0..<h)
    key = whole.columns(h..<2 * h)
    value = whole.columns(2 * h..<2 * h + d)
    router = whole.columns(2 * h + d..<2 * h + d + 3)
  }

  func first(_ positionCount: Int) -> Projections {
    let rows = 0..<positionCount
    var part = self
    part.whole = whole.rows(rows)
    part.query = query.rows(rows)
    part.key = key.rows(rows)
    part.value = value.rows(rows)
    part.router = router.rows(rows)
    return part
  }
}
