import Kernels
import Networks

/// What one layer norm leaves for its backward pass: L positions, one row each.
struct NormMemory<Scalar: RealNumber> {
  /// The value before gamma and beta (L, d), after them (L, d), and 1 / deviation (L).
  let normalised: MatrixView<Scalar>
  let normed: MatrixView<Scalar>
  let inverseDeviation: MatrixView<Scalar>

  init(_ rows: Int, _ d: Int, _ arena: Arena<Scalar>) {
    normalised = arena.takeMatrix(rows, d)
    normed = arena.takeMatrix(rows, d)
    inverseDeviation = arena.takeVector(rows)
  }

  static func room(_ rows: Int, _ d: Int) -> Int { 2 * Arena<Scalar>.room(rows, d) + Arena<Scalar>.room(1, rows) }
}

/// What one block of a GPT leaves for its backward pass.
struct GPTLayerMemory<Scalar: RealNumber> {
  let attentionNorm: NormMemory<Scalar>
  /// (L, 3 d): query, key, value.
  let projections: MatrixView<Scalar>
  let heads: HeadsMemory<Scalar>
  /// The heads' answers side by side (L, d).
  let mixed: MatrixView<Scalar>
  let feedForwardNorm: NormMemory<Scalar>
  /// Before and after GELU (L, f).
  let hidden: MatrixView<Scalar>
  let activated: MatrixView<Scalar>

  init(_ shape: GPTShape, positionCount rows: Int, arena: Arena<Scalar>, scratch: HeadsMemory<Scalar>?) {
    let (d, f) = (shape.modelWidth, shape.feedForwardWidth)
    attentionNorm = NormMemory(rows, d, arena)
    projections = arena.takeMatrix(rows, 3 * d)
    heads = HeadsMemory(
      rowCount: rows, headCount: shape.headCount, headWidth: shape.headWidth, arena: arena, scratch: scratch)
    mixed = arena.takeMatrix(rows, d)
    feedForwardNorm = NormMemory(rows, d, arena)
    hidden = arena.takeMatrix(rows, f)
    activated = arena.takeMatrix(rows, f)
  }

  /// Room in an arena, the heads' scratch not counted.
  static func room(_ shape: GPTShape, positionCount rows: Int) -> Int {
    let (d, f) = (shape.modelWidth, shape.feedForwardWidth)
    let room = Arena<Scalar>.room
    return 2 * NormMemory<Scalar>.room(rows, d) + room(rows, 3 * d) + room(rows, d) + 2 * room(rows, f)
      + HeadsMemory<Scalar>.room(rowCount: rows, headCount: shape.headCount)
  }
}

/// Gradients of activations; every block reuses them.
struct GPTGradients<Scalar: RealNumber> {
  let x: MatrixView<Scalar>
  let normed: MatrixView<Scalar>
  let projections: MatrixView<Scalar>
  let mixed: MatrixView<Scalar>
  let hidden: MatrixView<Scalar>

  init(_ shape: GPTShape, positionCount rows: Int, arena: Arena<Scalar>) {
    let d = shape.modelWidth
    x = arena.takeMatrix(rows, d)
    normed = arena.takeMatrix(rows, d)
    projections = arena.takeMatrix(rows, 3 * d)
    mixed = arena.takeMatrix(rows, d)
    hidden = arena.takeMatrix(rows, shape.feedForwardWidth)
  }

  static func room(_ shape: GPTShape, positionCount rows: Int) -> Int {
    let room = Arena<Scalar>.room
    return 3 * room(rows, shape.modelWidth) + room(rows, 3 * shape.modelWidth)
      + room(rows, shape.feedForwardWidth)
  }
}
