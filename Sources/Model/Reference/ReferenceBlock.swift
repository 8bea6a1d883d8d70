import Networks

/// One block of the model and what it remembers: three pathways, mixed by a router.
struct ReferenceBlock: Sendable {
  private let layer: AtomeLayer
  private let decay: [Float]
  private let query: TernaryProduct
  private let key: TernaryProduct
  private let value: TernaryProduct
  private let router: TernaryProduct
  private let contextLength: Int
  private let topK: Int
  private let scoreScale: Float

  /// The last K normalised inputs, newest first.
  private var recent: [[Float]] = []
  /// s, d values.
  private var state: [Float]
  /// Keys and values of the last T positions, oldest first.
  private var keys: [[Float]] = []
  private var values: [[Float]] = []
  /// r of the last position: local, state, sparse.
  private(set) var routerWeights: [Float] = [0, 0, 0]
  /// What the last position computed on the way.
  private(set) var activations = BlockActivations()

  init(_ layer: AtomeLayer, shape: AtomeShape, contextLength: Int) {
    self.layer = layer
    self.contextLength = contextLength
    decay = layer.decay.map(atomeTanh)
    query = TernaryProduct(layer.query)
    key = TernaryProduct(layer.key)
    value = TernaryProduct(layer.value)
    router = TernaryProduct(layer.router)
    topK = shape.topK
    scoreScale = 1 / Float(shape.headWidth).squareRoot()
    state = [Float](repeating: 0, count: shape.modelWidth)
  }

  mutating func reset() {
    recent = []
    state = [Float](repeating: 0, count: state.count)
    keys = []
    values = []
  }

  /// `x + (((r0 * local) + (r1 * state)) + (r2 * sparse))`.
  mutating func callAsFunction(_ x: [Float]) -> [Float] {
    let n = layerNorm(x, gamma: layer.gamma, beta: layer.beta)
    routerWeights = softmax(router(n))
    let local = localPathway(n)
    let state = statePathway(n)
    let sparse = sparsePathway(n)
    activations.stream = x
    activations.normal = n
    activations.state = self.state
    let (r0, r1, r2) = (routerWeights[0], routerWeights[1], routerWeights[2])
    return x.indices.map { x[$0] + (((r0 * local[$0]) + (r1 * state[$0])) + (r2 * sparse[$0])) }
  }

  /// Depthwise causal convolution: tap 0 on the current position, positions before 0 skipped.
  private mutating func localPathway(_ n: [Float]) -> [Float] {
    let kernel = layer.convolution
    recent.insert(n, at: 0)
    if recent.count > kernel.columnCount { recent.removeLast() }
    return n.indices.map { channel in
      var sum: Float = 0
      for (tap, past) in recent.enumerated() {
        sum += Float(kernel.trits[channel * kernel.columnCount + tap]) * past[channel]
      }
      return kernel.scale * sum
    }
  }

  /// Diagonal state space: `s = (tanh(decay) * s) + (inputGain * n)`, `y = outputGain * s`.
  private mutating func statePathway(_ n: [Float]) -> [Float] {
    for channel in n.indices {
      state[channel] = (decay[channel] * state[channel]) + (layer.inputGain[channel] * n[channel])
    }
    return n.indices.map { layer.outputGain[$0] * state[$0] }
  }

  /// One head of attention over the window, which keeps the k best positions only.
  private mutating func sparsePathway(_ n: [Float]) -> [Float] {
    let q = query(n)
    activations.query = q
    activations.key = key(n)
    activations.value = value(n)
    keys.append(activations.key)
    values.append(activations.value)
    if keys.count > contextLength {
      keys.removeFirst()
      values.removeFirst()
    }
    let scores = keys.map { dot(q, $0) * scoreScale }
    let kept = largest(topK, of: scores)
    let weights = softmax(kept.map { scores[$0] })
    var result = [Float](repeating: 0, count: n.count)
    for (weight, position) in zip(weights, kept) {
      let attended = values[position]
      for channel in result.indices { result[channel] += weight * attended[channel] }
    }
    return result
  }
}

/// What one block computed for one position; calibration of the integer format reads it.
package struct BlockActivations: Sendable {
  /// The residual stream before the block, its layer norm, and the state after it; d each.
  package var stream: [Float] = []
  package var normal: [Float] = []
  package var state: [Float] = []
  /// h, h and d.
  package var query: [Float] = []
  package var key: [Float] = []
  package var value: [Float] = []
}
