import Formats
import Kernels
import Networks

/// A compact student, forward and backward, for one window of tokens: x = the token's row; per block x +=
/// state(norm(x)), x += feed-forward(norm(x)); logits from the norm of the last x. Specified in docs/compact.md.
public final class CompactGraph<Kernels: KernelSet>: NetworkGraph, @unchecked Sendable {
  // Sendable by agreement: one thread at a time uses a graph.

  public typealias Scalar = Kernels.Scalar
  public typealias Matrix = MatrixView<Scalar>
  public typealias Weights = CompactWeights<Kernels>

  /// W - 1 for windows of up to W tokens.
  public let positionLimit: Int
  public let kernels: Kernels
  let layout: CompactLayout
  /// What the window at hand uses, by block of each pass; L is its number of positions.
  private(set) var layers: [CompactLayerMemory<Scalar>]
  private(set) var finalNorm: NormMemory<Scalar>
  /// (L, V); the loss turns them into their gradient.
  private(set) var logits: Matrix
  private(set) var gradients: CompactGradients<Scalar>
  /// The residual stream (L, d).
  private(set) var x: Matrix
  /// The same for the longest window.
  private let longest: Memory
  private let arena: Arena<Scalar>

  /// - Parameter windowTokenCount: W, the tokens of the longest window; at least 2.
  public init(
    kernels: Kernels, layout: CompactLayout, windowTokenCount: Int, ablation _: TrainingSettings.Ablation? = nil
  ) {
    precondition(windowTokenCount >= 2, "a window has a token to read and one to predict")
    let (shape, rows) = (layout.shape, windowTokenCount - 1)
    self.kernels = kernels
    self.layout = layout
    positionLimit = rows
    let arena = Arena<Scalar>(capacity: Self.room(shape, rows))
    self.arena = arena
    longest = Memory(
      layers: (0..<shape.depth).map { _ in CompactLayerMemory(shape, positionCount: rows, arena: arena) },
      finalNorm: NormMemory(rows, shape.modelWidth, arena),
      logits: arena.takeMatrix(rows, CompactShape.vocabularySize),
      gradients: CompactGradients(shape, positionCount: rows, arena: arena),
      x: arena.takeMatrix(rows, shape.modelWidth))
    // An array of its own, so that the first short window copies none.
    layers = longest.layers.map(\.self)
    (finalNorm, logits, gradients, x) = (longest.finalNorm, longest.logits, longest.gradients, longest.x)
  }

  private struct Memory {
    let layers: [CompactLayerMemory<Scalar>]
    let finalNorm: NormMemory<Scalar>
    let logits: Matrix
    let gradients: CompactGradients<Scalar>
    let x: Matrix
  }

  /// Makes all views as long as a window.
  private func fit(_ window: TokenWindow) {
    let count = window.positionCount
    precondition(count <= positionLimit, "a window of more tokens than the graph is for")
    guard count != x.rowCount else { return }
    for index in layers.indices { layers[index] = longest.layers[index].first(count) }
    finalNorm = longest.finalNorm.first(count)
    logits = longest.logits.rows(0..<count)
    gradients = longest.gradients.first(count)
    x = longest.x.rows(0..<count)
  }

  private static func room(_ shape: CompactShape, _ rows: Int) -> Int {
    let d = shape.modelWidth
    return shape.depth * CompactLayerMemory<Scalar>.room(shape, positionCount: rows)
      + NormMemory<Scalar>.room(rows, d) + CompactGradients<Scalar>.room(shape, positionCount: rows)
      + Arena<Scalar>.room(rows, CompactShape.vocabularySize) + Arena<Scalar>.room(rows, d)
  }
}

// MARK: - Forward

extension CompactGraph {
  public func forward(_ window: TokenWindow, _ weights: Weights) -> Matrix {
    fit(window)
    let table = layout.table.view(in: weights.values)
    let readCount = window.readCount
    for t in 0..<window.positionCount {
      x.row(t).base.update(from: table.row(Int(window.tokens[readCount * t])).base, count: x.columnCount)
      for place in 1..<max(1, readCount) {
        kernels.add(table.row(Int(window.tokens[readCount * t + place])), to: x.row(t))
      }
    }
    for index in layers.indices { forward(layer: index, weights) }
    norm(finalNorm, layout.finalGain, weights)
    kernels.matrixProduct(finalNorm.normed, weights.table, into: logits)
    return logits
  }

  private func forward(layer index: Int, _ weights: Weights) {
    let block = block(at: index)
    let (tensors, layer, memory) = (layout.layers[block], weights.layers[block], layers[index])
    norm(memory.stateNorm, tensors.stateGain, weights)
    kernels.matrixProduct(memory.stateNorm.normed, layer.projections, into: memory.projections)
    kernels.gatedScanForward(
      projections: memory.projections, bias: tensors.gateBias.view(in: weights.values), spread: gradients.spread,
      state: memory.state, y: memory.read)
    kernels.matrixProduct(memory.read, layer.output, addingTo: x)
    norm(memory.feedForwardNorm, tensors.feedForwardGain, weights)
    kernels.matrixProduct(memory.feedForwardNorm.normed, layer.hidden, into: memory.hidden)
    kernels.squaredReLUForward(x: memory.hidden, y: memory.activated)
    kernels.matrixProduct(memory.activated, layer.down, addingTo: x)
  }

  /// Passes go through the same blocks.
  func block(at index: Int) -> Int { index % layout.layers.count }

  private func norm(_ memory: NormMemory<Scalar>, _ gain: ParameterTensor, _ weights: Weights) {
    kernels.rmsNormForward(
      x: x, gain: gain.view(in: weights.values), normalised: memory.normalised, inverseSize: memory.inverseDeviation,
      y: memory.normed)
  }
}
