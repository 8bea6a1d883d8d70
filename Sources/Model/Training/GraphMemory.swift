import Kernels
import Networks

/// What the final layer norm and the unembedding leave for their backward pass.
struct HeadMemory<Scalar: RealNumber> {
  let normalised: MatrixView<Scalar>
  let normed: MatrixView<Scalar>
  let inverseDeviation: MatrixView<Scalar>
  /// (L, V); the loss turns them into their gradient.
  let logits: MatrixView<Scalar>

  init(_ shape: AtomeShape, positionCount: Int, arena: Arena<Scalar>) {
    normalised = arena.takeMatrix(positionCount, shape.modelWidth)
    normed = arena.takeMatrix(positionCount, shape.modelWidth)
    inverseDeviation = arena.takeVector(positionCount)
    logits = arena.takeMatrix(positionCount, AtomeShape.vocabularySize)
  }

  static func room(_ shape: AtomeShape, positionCount: Int) -> Int {
    let room = Arena<Scalar>.room
    return 2 * room(positionCount, shape.modelWidth) + room(1, positionCount)
      + room(positionCount, AtomeShape.vocabularySize)
  }
}

/// Gradients of activations; every block reuses them.
struct GradientMemory<Scalar: RealNumber> {
  let x: MatrixView<Scalar>
  let normed: MatrixView<Scalar>
  let projections: Projections<Scalar>
  let local: MatrixView<Scalar>
  let state: MatrixView<Scalar>
  let sparse: MatrixView<Scalar>
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

  static func room(_ shape: AtomeShape, positionCount: Int) -> Int {
    let d = shape.modelWidth
    let room = Arena<Scalar>.room
    return 5 * room(positionCount, d) + room(positionCount, shape.paddedProjectionCount)
      + 2 * room(1, d) + room(shape.kernelSize, d) + room(d, shape.kernelSize)
  }
}
