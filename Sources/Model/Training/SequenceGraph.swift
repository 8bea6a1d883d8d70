import Formats
import Kernels
import Networks

/// The whole model, forward and backward, for one window of tokens: every token but the last is read, every token but
/// the first is predicted.
///
/// Attention sees the whole window, so a model answers best in engines whose context is at least as long as the windows
/// that it was trained on. A graph owns its activations and reuses them; each thread has a graph of its own.
public final class SequenceGraph<Kernels: KernelSet>: @unchecked Sendable {
  // Sendable by agreement: one thread at a time uses a graph.

  public typealias Scalar = Kernels.Scalar
  public typealias Matrix = MatrixView<Scalar>

  /// W - 1 for windows of up to W tokens.
  public let positionLimit: Int
  /// Columns of the router's weights that are held at 0.
  private let closedPathways: [Int]
  public let kernels: Kernels
  let layout: ParameterLayout
  /// What the window at hand uses; L is its number of positions.
  private(set) var layers: [LayerMemory<Scalar>]
  private(set) var head: HeadMemory<Scalar>
  private(set) var gradients: GradientMemory<Scalar>
  /// The residual stream (L, d).
  private(set) var x: Matrix
  /// The same for the longest window.
  private let longest: Memory
  private let arena: Arena<Scalar>
  private let indices: Arena<Int32>

  /// - Parameters:
  ///   - windowTokenCount: W, the tokens of the longest window; at least 2.
  ///   - withoutPathways: what the router may not choose, for ablations.
  public init(
    kernels: Kernels, layout: ParameterLayout, windowTokenCount: Int, withoutPathways: [Pathway] = []
  ) {
    precondition(windowTokenCount >= 2, "a window has a token to read and one to predict")
    let shape = layout.shape
    let rows = windowTokenCount - 1
    closedPathways = Pathway.allCases.indices.filter { withoutPathways.contains(Pathway.allCases[$0]) }
    self.kernels = kernels
    self.layout = layout
    positionLimit = rows
    arena = Arena(capacity: Self.room(shape, rows))
    indices = Arena(
      capacity: shape.layerCount * Arena<Int32>.room(shape.topK, rows.roundedUp(toMultipleOf: 16)))
    var layers: [LayerMemory<Scalar>] = []
    for _ in 0..<shape.layerCount {
      layers.append(
        LayerMemory(
          shape, positionCount: rows, arena: arena, indices: indices, scratch: layers.first?.attention))
    }
    longest = Memory(
      layers: layers, head: HeadMemory(shape, positionCount: rows, arena: arena),
      gradients: GradientMemory(shape, positionCount: rows, arena: arena),
      x: arena.takeMatrix(rows, shape.modelWidth))
    // An array of its own, so that the first short window copies none.
    self.layers = layers.map(\.self)
    (head, gradients, x) = (longest.head, longest.gradients, longest.x)
  }

  private struct Memory {
    let layers: [LayerMemory<Scalar>]
    let head: HeadMemory<Scalar>
    let gradients: GradientMemory<Scalar>
    let x: Matrix
  }

  /// Makes all views as long as a window.
  func fit(_ window: TokenWindow) {
    let count = window.positionCount
    precondition(count <= positionLimit, "a window of more tokens than the graph is for")
    guard count != x.rowCount else { return }
    for index in layers.indices { layers[index] = longest.layers[index].first(count) }
    head = longest.head.first(count)
    gradients = longest.gradients.first(count)
    x = longest.x.rows(0..<count)
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
