import Formats
import Kernels
import Networks

/// A plain GPT, forward and backward, for one window of tokens: x = token + position; per block x +=
/// attention(norm(x)), x += feed-forward(norm(x)); logits from the norm of the last x.
public final class GPTGraph<Kernels: KernelSet>: NetworkGraph, @unchecked Sendable {
  // Sendable by agreement: one thread at a time uses a graph.

  public typealias Scalar = Kernels.Scalar
  public typealias Matrix = MatrixView<Scalar>
  public typealias Weights = GPTWeights<Kernels>

  /// W - 1 for windows of up to W tokens.
  public let positionLimit: Int
  public let kernels: Kernels
  let layout: GPTLayout
  /// What the window at hand uses; L is its number of positions.
  private(set) var layers: [GPTLayerMemory<Scalar>]
  private(set) var finalNorm: NormMemory<Scalar>
  /// (L, V); the loss turns them into their gradient.
  private(set) var logits: Matrix
  private(set) var gradients: GPTGradients<Scalar>
  /// The residual stream (L, d).
  private(set) var x: Matrix
  /// The same for the longest window.
  private let longest: Memory
  private let arena: Arena<Scalar>

  /// - Parameter windowTokenCount: W, the tokens of the longest window; at least 2 and at most the shape's context.
  public init(
    kernels: Kernels, layout: GPTLayout, windowTokenCount: Int, ablation _: TrainingSettings.Ablation? = nil
  ) {
    let shape = layout.shape
    precondition(2...shape.contextLength ~= windowTokenCount, "a window that the position table does not cover")
    let rows = windowTokenCount - 1
    self.kernels = kernels
    self.layout = layout
    positionLimit = rows
    arena = Arena(capacity: Self.room(shape, rows))
    var layers: [GPTLayerMemory<Scalar>] = []
    for _ in 0..<shape.layerCount {
      layers.append(GPTLayerMemory(shape, positionCount: rows, arena: arena, scratch: layers.first?.heads))
    }
    longest = Memory(
      layers: layers, finalNorm: NormMemory(rows, shape.modelWidth, arena),
      logits: arena.takeMatrix(rows, GPTShape.vocabularySize),
      gradients: GPTGradients(shape, positionCount: rows, arena: arena),
      x: arena.takeMatrix(rows, shape.modelWidth))
    // An array of its own, so that the first short window copies none.
    self.layers = layers.map(\.self)
    (finalNorm, logits, gradients, x) = (longest.finalNorm, longest.logits, longest.gradients, longest.x)
  }

  private struct Memory {
    let layers: [GPTLayerMemory<Scalar>]
    let finalNorm: NormMemory<Scalar>
    let logits: Matrix
    let gradients: GPTGradients<Scalar>
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

  private static func room(_ shape: GPTShape, _ rows: Int) -> Int {
    let d = shape.modelWidth
    return shape.layerCount * GPTLayerMemory<Scalar>.room(shape, positionCount: rows)
      + HeadsMemory<Scalar>.scratchRoom(rowCount: rows, headWidth: shape.headWidth)
      + NormMemory<Scalar>.room(rows, d) + GPTGradients<Scalar>.room(shape, positionCount: rows)
      + Arena<Scalar>.room(rows, GPTShape.vocabularySize) + Arena<Scalar>.room(rows, d)
  }
}

// MARK: - Forward

extension GPTGraph {
  public func forward(_ window: TokenWindow, _ weights: Weights) -> Matrix {
    fit(window)
    x.base.update(from: layout.positions.view(in: weights.values).base, count: x.count)
    let embedding = layout.embedding.view(in: weights.values)
    for t in 0..<window.positionCount { kernels.add(embedding.row(Int(window.tokens[t])), to: x.row(t)) }
    for index in layers.indices { forward(layer: index, weights) }
    norm(finalNorm, layout.finalGamma, layout.finalBeta, weights)
    kernels.matrixProduct(finalNorm.normed, weights.unembedding, into: logits)
    return logits
  }

  private func forward(layer index: Int, _ weights: Weights) {
    let (tensors, layer, memory) = (layout.layers[index], weights.layers[index], layers[index])
    norm(memory.attentionNorm, tensors.attentionGamma, tensors.attentionBeta, weights)
    kernels.matrixProduct(memory.attentionNorm.normed, layer.projections, into: memory.projections)
    kernels.headsForward(
      query: part(0, of: memory.projections), key: part(1, of: memory.projections),
      value: part(2, of: memory.projections), memory: memory.heads, y: memory.mixed)
    kernels.matrixProduct(memory.mixed, layer.output, addingTo: x)
    norm(memory.feedForwardNorm, tensors.feedForwardGamma, tensors.feedForwardBeta, weights)
    kernels.matrixProduct(memory.feedForwardNorm.normed, layer.feedForwardInput, into: memory.hidden)
    kernels.geluForward(x: memory.hidden, y: memory.activated)
    kernels.matrixProduct(memory.activated, layer.feedForwardOutput, addingTo: x)
  }

  private func norm(
    _ memory: NormMemory<Scalar>, _ gamma: ParameterTensor, _ beta: ParameterTensor, _ weights: Weights
  ) {
    kernels.layerNormForward(
      x: x, gamma: gamma.view(in: weights.values), beta: beta.view(in: weights.values),
      normalised: memory.normalised, inverseDeviation: memory.inverseDeviation, y: memory.normed)
  }

  /// Query, key or value of the fused product.
  func part(_ index: Int, of projections: Matrix) -> Matrix {
    let d = layout.shape.modelWidth
    return projections.columns(index * d..<(index + 1) * d)
  }
}
