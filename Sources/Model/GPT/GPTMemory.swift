import Kernels
import Networks

/// What one norm leaves for its backward pass: L positions, one row each.
struct NormMemory<Scalar: RealNumber> {
  /// The value before gain and bias (L, d), after them (L, d), and 1 / deviation (L), of an RMSNorm from 0.
  private(set) var normalised: MatrixView<Scalar>
  private(set) var normed: MatrixView<Scalar>
  private(set) var inverseDeviation: MatrixView<Scalar>

  init(_ rows: Int, _ d: Int, _ arena: Arena<Scalar>) {
    normalised = arena.takeMatrix(rows, d)
    normed = arena.takeMatrix(rows, d)
    inverseDeviation = arena.takeVector(rows)
  }

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> NormMemory {
    var part = self
    part.normalised = normalised.rows(0..<positionCount)
    part.normed = normed.rows(0..<positionCount)
    part.inverseDeviation = inverseDeviation.columns(0..<positionCount)
    return part
  }

  static func room(_ rows: Int, _ d: Int) -> Int { 2 * Arena<Scalar>.room(rows, d) + Arena<Scalar>.room(1, rows) }
}

/// What one block of a GPT leaves for its backward pass.
struct GPTLayerMemory<Scalar: RealNumber> {
  private(set) var attentionNorm: NormMemory<Scalar>
  /// (L, 3 d): query, key, value.
  private(set) var projections: MatrixView<Scalar>
  private(set) var heads: HeadsMemory<Scalar>
  /// The heads' answers side by side (L, d).
  private(set) var mixed: MatrixView<Scalar>
  private(set) var feedForwardNorm: NormMemory<Scalar>
  /// Before and after GELU (L, f).
  private(set) var hidden: MatrixView<Scalar>
  private(set) var activated: MatrixView<Scalar>

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

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> GPTLayerMemory {
    let rows = 0..<positionCount
    var part = self
    part.attentionNorm = attentionNorm.first(positionCount)
    part.projections = projections.rows(rows)
    part.heads = heads.first(positionCount)
    part.mixed = mixed.rows(rows)
    part.feedForwardNorm = feedForwardNorm.first(positionCount)
    part.hidden = hidden.rows(rows)
    part.activated = activated.rows(rows)
    return part
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
  private(set) var x: MatrixView<Scalar>
  private(set) var normed: MatrixView<Scalar>
  private(set) var projections: MatrixView<Scalar>
  private(set) var mixed: MatrixView<Scalar>
  private(set) var hidden: MatrixView<Scalar>

  init(_ shape: GPTShape, positionCount rows: Int, arena: Arena<Scalar>) {
    let d = shape.modelWidth
    x = arena.takeMatrix(rows, d)
    normed = arena.takeMatrix(rows, d)
    projections = arena.takeMatrix(rows, 3 * d)
    mixed = arena.takeMatrix(rows, d)
    hidden = arena.takeMatrix(rows, shape.feedForwardWidth)
  }

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> GPTGradients {
    let rows = 0..<positionCount
    var part = self
    part.x = x.rows(rows)
    part.normed = normed.rows(rows)
    part.projections = projections.rows(rows)
    part.mixed = mixed.rows(rows)
    part.hidden = hidden.rows(rows)
    return part
  }

  static func room(_ shape: GPTShape, positionCount rows: Int) -> Int {
    let room = Arena<Scalar>.room
    return 3 * room(rows, shape.modelWidth) + room(rows, 3 * shape.modelWidth)
      + room(rows, shape.feedForwardWidth)
  }
}
