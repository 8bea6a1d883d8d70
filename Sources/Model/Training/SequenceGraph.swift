import Formats
import Kernels
import Networks

/// The whole model, forward and backward, for one window of bytes: every byte but the last is read, every byte but the
/// first is predicted.
///
/// Attention sees the whole window, so a model answers best in engines whose context is at least as long as the windows
/// that it was trained on. A graph owns its activations and reuses them; each thread has a graph of its own.
public final class SequenceGraph<Kernels: KernelSet>: @unchecked Sendable {
  // Sendable by agreement: one thread at a time uses a graph.

  public typealias Scalar = Kernels.Scalar
  public typealias Matrix = MatrixView<Scalar>

  /// W - 1 for windows of W bytes.
  public let positionCount: Int
  /// Columns of the router's weights that are held at 0.
  private let closedPathways: [Int]
  let kernels: Kernels
  let layout: ParameterLayout
  let layers: [LayerMemory<Scalar>]
  let head: HeadMemory<Scalar>
  let gradients: GradientMemory<Scalar>
  /// The residual stream (L, d).
  let x: Matrix
  private let arena: Arena<Scalar>
  private let indices: Arena<Int32>

  /// - Parameters:
  ///   - windowByteCount: W, at least 2.
  ///   - withoutPathways: what the router may not choose, for ablations.
  public init(
    kernels: Kernels, layout: ParameterLayout, windowByteCount: Int, withoutPathways: [Pathway] = []
  ) {
    precondition(windowByteCount >= 2, "a window has a byte to read and one to predict")
    let shape = layout.shape
    let rows = windowByteCount - 1
    closedPathways = Pathway.allCases.indices.filter { withoutPathways.contains(Pathway.allCases[$0]) }
    self.kernels = kernels
    self.layout = layout
    positionCount = rows
    arena = Arena(capacity: Self.room(shape, rows))
    indices = Arena(
      capacity: shape.layerCount * Arena<Int32>.room(shape.topK, rows.roundedUp(toMultipleOf: 16)))
    var layers: [LayerMemory<Scalar>] = []
    for _ in 0..<shape.layerCount {
      layers.append(
        LayerMemory(
          shape, positionCount: rows, arena: arena, indices: indices, scratch: layers.first?.attention))
    }
    self.layers = layers
    head = HeadMemory(shape, positionCount: rows, arena: arena)
    gradients = GradientMemory(shape, positionCount: rows, arena: arena)
    x = arena.takeMatrix(rows, shape.modelWidth)
  }

  private static func room(_ shape: AtomeShape, _ rows: Int) -> Int {
    shape.layerCount * LayerMemory<Scalar>.room(shape, positionCount: rows)
      + AttentionMemory<Scalar>.scratchRoom(rowCount: rows, headWidth: shape.headWidth)
      + HeadMemory<Scalar>.room(shape, positionCount: rows)
      + GradientMemory<Scalar>.room(shape, positionCount: rows)
      + Arena<Scalar>.room(rows, shape.modelWidth)
  }

  /// How many bytes of memory the activations take.
  public var activationByteCount: Int {
    arena.capacity * MemoryLayout<Scalar>.stride + indices.capacity * MemoryLayout<Int32>.stride
  }
}

// MARK: - One window

extension SequenceGraph {
  /// The sum of the predictions' cross-entropies, in nats.
  public func loss(_ window: UnsafeBufferPointer<UInt8>, _ weights: EffectiveWeights<Kernels>) -> Double {
    forward(window, weights)
    return crossEntropy(window, scale: 1)
  }

  /// The same, and adds its gradient times `scale` to `gradient`, which has the parameters' layout.
  public func lossAndGradient(
    _ window: UnsafeBufferPointer<UInt8>, _ weights: EffectiveWeights<Kernels>, scale: Scalar,
    addingTo gradient: Matrix
  ) -> Double {
    forward(window, weights)
    let loss = crossEntropy(window, scale: scale)
    backward(window, weights, gradient)
    return loss
  }

  private func crossEntropy(_ window: UnsafeBufferPointer<UInt8>, scale: Scalar) -> Double {
    kernels.crossEntropy(
      logits: head.logits, targets: UnsafeBufferPointer(rebasing: window[1...positionCount]), scale: scale)
  }
}

// MARK: - Ablation

extension SequenceGraph {
  /// The router's softmax, in place. A closed pathway's logit is too low for a weight and the weight is then cleared,
  /// so that the others sum to 1 and its branch has no gradient.
  func route(_ router: Matrix) {
    for column in closedPathways { fill(router, column, -1e30) }
    kernels.routerForward(router)
    for column in closedPathways { fill(router, column, 0) }
  }

  private func fill(_ matrix: Matrix, _ column: Int, _ value: Scalar) {
    for t in 0..<matrix.rowCount { matrix[t, column] = value }
  }
}
