import Kernels
import Networks

/// What the final layer norm and the unembedding leave for their backward pass.
struct HeadMemory<Scalar: RealNumber> {
  private(set) var normalised: MatrixView<Scalar>
  private(set) var normed: MatrixView<Scalar>
  private(set) var inverseDeviation: MatrixView<Scalar>
  /// (L, V); the loss turns them into their gradient.
  private(set) var logits: MatrixView<Scalar>

  init(_ shape: AtomeShape, positionCount: Int, arena: Arena<Scalar>) {
    normalised = arena.takeMatrix(positionCount, shape.modelWidth)
    normed = arena.takeMatrix(positionCount, shape.modelWidth)
    inverseDeviation = arena.takeVector(positionCount)
    logits = arena.takeMatrix(positionCount, AtomeShape.vocabularySize)
  }

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> HeadMemory {
    var part = self
    part.normalised = normalised.rows(0..<positionCount)
    part.normed = normed.rows(0..<positionCount)
    part.inverseDeviation = inverseDeviation.columns(0..<positionCount)
    part.logits = logits.rows(0..<positionCount)
    return part
  }

  static func room(_ shape: AtomeShape, positionCount: Int) -> Int {
    let room = Arena<Scalar>.room
    return 2 * room(positionCount, shape.modelWidth) + room(1, positionCount)
      + room(positionCount, AtomeShape.vocabularySize)
  }
}

/// Gradients of activations; every block reuses them.
struct GradientMemory<Scalar: RealNumber> {
  private(set) var x: MatrixView<Scalar>
  private(set) var normed: MatrixView<Scalar>
  private(set) var projections: Projections<Scalar>
  private(set) var local: MatrixView<Scalar>
  private(set) var state: MatrixView<Scalar>
  private(set) var sparse: MatrixView<Scalar>
  /// The scan's scratch (d), and gradients of the kernel's transpose (K, d), of its transpose (d, K) and of tanh(a)
  /// (d).
  let carry: MatrixView<Scalar>
  let kernel: MatrixView<Scalar>
  let convolution: MatrixView<Scalar>
  let decay: MatrixView<Scalar>

  init(_ shape: AtomeShape, positionCount: Int, arena: Arena<Scalar>) {
    let (rows, d) = (positionCount, shape.modelWidth)
    x = arena.takeMatrix(rows, d)
    normed = arena.takeMatrix(rows, d)
    projections = Projections(shape, arena.takeMatrix(rows, shape.paddedProjectionCount))
    local = arena.takeMatrix(rows, d)
    state = arena.takeMatrix(rows, d)
    sparse = arena.takeMatrix(rows, d)
    carry = arena.takeVector(d)
    kernel = arena.takeMatrix(shape.kernelSize, d)
    convolution = arena.takeMatrix(d, shape.kernelSize)
    decay = arena.takeVector(d)
  }

  /// The part that a window of so many positions uses.
  func first(_ positionCount: Int) -> GradientMemory {
    let rows = 0..<positionCount
    var part = self
    part.x = x.rows(rows)
    part.normed = normed.rows(rows)
    part.projections = projections.first(positionCount)
    part.local = local.rows(rows)
    part.state = state.rows(rows)
    part.sparse = sparse.rows(rows)
    return part
  }

  static func room(_ shape: AtomeShape, positionCount: Int) -> Int {
    let d = shape.modelWidth
    let room = Arena<Scalar>.room
    return 5 * room(positionCount, d) + room(positionCount, shape.paddedProjectionCount)
      + 2 * room(1, d) + room(shape.kernelSize, d) + room(d, shape.kernelSize)
  }
}
