import Networks

/// One block of the integer model and what it remembers. Reads like docs/integer.md, which is normative.
struct IntegerBlock: Sendable {
  private let layer: IntegerLayer
  private let shape: AtomeShape
  private let cache: CacheWidth
  private let contextLength: Int
  private let projection: IntegerProduct

  /// The last K normalised inputs, newest first.
  private var recent: [[Int32]] = []
  /// s, d values of 16 bits.
  private var state: [Int32]
  /// Keys and values of the last T positions, oldest first.
  private var keys: [[Int32]] = []
  private var values: [[Int32]] = []
  /// The last position's local, state and sparse, in units of 1/32768.
  private(set) var routes: [Int32] = [0, 0, 0]

  init(_ layer: IntegerLayer, shape: AtomeShape, cache: CacheWidth, contextLength: Int) {
    self.layer = layer
    self.shape = shape
    self.cache = cache
    self.contextLength = contextLength
    projection = IntegerProduct(layer.projection, columnCount: shape.modelWidth)
    state = [Int32](repeating: 0, count: shape.modelWidth)
  }

  mutating func reset() {
    recent = []
    state = [Int32](repeating: 0, count: state.count)
    keys = []
    values = []
  }

  /// The stream after this block.
  mutating func callAsFunction(_ stream: [Int32]) -> [Int32] {
    let n = integerNorm(stream, layer.norm)
    let sums = projection(n)
    let (h, d) = (shape.headWidth, shape.modelWidth)
    let query = sums[..<h].map { layer.query($0, bits: IntegerBounds.queryBitCount) }
    remember(key: sums[h..<2 * h], value: sums[(2 * h)..<(2 * h + d)])
    routes = integerSoftmax(Array(sums[(2 * h + d)...]), layer.routerRate)
    let localWeight = (routes[0] * layer.localGain) >> 15
    let local = localSums(n)
    advanceState(n)
    let sparse = sparseTerms(query, route: routes[2])
    return stream.indices.map { c in
      let stateWeight = (routes[1] * Int32(layer.outputGain[c])) >> 15
      let sum = localWeight * local[c] + stateWeight * state[c] + sparse[c]
      return (stream[c] + sum.roundedShift(layer.mixShift)).clamped(toBits: IntegerBounds.streamBitCount)
    }
  }

  private mutating func remember(key: ArraySlice<Int32>, value: ArraySlice<Int32>) {
    keys.append(key.map { layer.key($0, bits: cache.keyBitCount) })
    values.append(value.map { layer.value($0, bits: cache.valueBitCount) })
    if keys.count > contextLength {
      keys.removeFirst()
      values.removeFirst()
    }
  }

  /// The convolution's sums, one a channel: positions before the first skipped.
  private mutating func localSums(_ n: [Int32]) -> [Int32] {
    recent.insert(n, at: 0)
    if recent.count > shape.kernelSize { recent.removeLast() }
    return n.indices.map { channel in
      recent.indices.reduce(0) { sum, tap in
        sum + Int32(layer.convolution[channel * shape.kernelSize + tap]) * recent[tap][channel]
      }
    }
  }

  private mutating func advanceState(_ n: [Int32]) {
    for c in n.indices {
      let sum = Int32(layer.decay[c]) * state[c] + Int32(layer.inputGain[c]) * IntegerBounds.inputSteps * n[c]
      state[c] = sum.roundedShift(15).clamped(toBits: 16)
    }
  }

  /// What the k best positions add to each channel, in units of 2^-mixShift.
  private func sparseTerms(_ query: [Int32], route: Int32) -> [Int32] {
    let scores = keys.map { key in zip(query, key).reduce(Int32(0)) { $0 + $1.0 * $1.1 } }
    let kept = largest(shape.topK, of: scores)
    let weights = integerSoftmax(kept.map { scores[$0] }, layer.scoreRate).map { probability in
      (((probability * route) >> 15) * layer.valueGain) >> layer.valueShift
    }
    return (0..<shape.modelWidth).map { c in
      zip(weights, kept).reduce(0) { $0 + $1.0 * values[$1.1][c] }
    }
  }
}
