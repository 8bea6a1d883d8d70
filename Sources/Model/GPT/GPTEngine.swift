import Basics
import Formats
import Kernels
import Networks

/// A plain GPT, byte by byte: what `GPTGraph` computes for a whole window, in float32 and no contract of bits.
///
/// Keys and values of the positions so far are kept. A position's embedding belongs to its place in the window, so what
/// is kept cannot move: beyond the context, each byte reads the last T bytes again.
public struct GPTEngine: LogitSource, Sendable {
  public let contextLength: Int
  private let shape: GPTShape
  private let layers: [Layer]
  private let embedding: [Float]
  private let positions: [Float]
  private let finalNorm: Norm
  private let unembedding: [Float]
  /// The bytes that the state has read, at most T.
  private var window: [UInt8] = []
  /// By layer, a row of d a position.
  private var keys: [[Float]] = []
  private var values: [[Float]] = []

  /// What the last position was on its way through a block.
  package struct Activations: Sendable {
    package var streams: [[Float]] = []
    package var attentionNormal: [Float] = []
    package var query: [Float] = []
    package var key: [Float] = []
    package var value: [Float] = []
    package var mixed: [Float] = []
    package var feedForwardNormal: [Float] = []
    package var hidden: [Float] = []
    package var activated: [Float] = []
  }

  package private(set) var activations: [Activations]
  /// The stream after the last block, and its norm.
  package private(set) var finalStream: [Float] = []
  package private(set) var finalNormal: [Float] = []

  private struct Norm {
    let gamma, beta: [Float]

    func callAsFunction(_ x: [Float]) -> [Float] { layerNorm(x, gamma: gamma, beta: beta) }
  }

  /// Matrices are (outputs, inputs).
  private struct Layer {
    let attentionNorm, feedForwardNorm: Norm
    let query, key, value, output, feedForwardInput, feedForwardOutput: [Float]
  }

  /// - Parameters:
  ///   - parameters: in the layout of the shape.
  ///   - contextLength: T, positions that attention sees; at most those of the shape.
  /// - Throws: `HintedError` for a shape outside its limits, parameters of another, or a T without positions.
  public init(shape: GPTShape, parameters: [Float], contextLength: Int) throws {
    try shape.validate()
    guard parameters.count == shape.parameterCount else {
      throw HintedError("\(parameters.count) parameters; the shape \(shape) has \(shape.parameterCount)")
    }
    guard 1...shape.contextLength ~= contextLength else {
      throw HintedError(
        "the context is \(contextLength) positions; this model has \(shape.contextLength)",
        hint: "choose --context \(shape.contextLength) or less", status: .usage)
    }
    let layout = GPTLayout(shape)
    func tensor(_ tensor: ParameterTensor) -> [Float] { Array(parameters[tensor.range]) }
    self.shape = shape
    self.contextLength = contextLength
    layers = layout.layers.map {
      Layer(
        attentionNorm: Norm(gamma: tensor($0.attentionGamma), beta: tensor($0.attentionBeta)),
        feedForwardNorm: Norm(gamma: tensor($0.feedForwardGamma), beta: tensor($0.feedForwardBeta)),
        query: tensor($0.query), key: tensor($0.key), value: tensor($0.value), output: tensor($0.output),
        feedForwardInput: tensor($0.feedForwardInput), feedForwardOutput: tensor($0.feedForwardOutput))
    }
    embedding = tensor(layout.embedding)
    positions = tensor(layout.positions)
    finalNorm = Norm(gamma: tensor(layout.finalGamma), beta: tensor(layout.finalBeta))
    unembedding = tensor(layout.unembedding)
    activations = Array(repeating: Activations(), count: shape.layerCount)
    reset()
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler {
    sampling.map { SeededSampler($0, stream: stream) } ?? GreedySampler()
  }

  public mutating func reset() {
    window = []
    keys = Array(repeating: [], count: shape.layerCount)
    values = keys
  }

  public mutating func step(_ byte: UInt8) -> [Float] {
    if window.count == contextLength {
      let recent = window.dropFirst()
      reset()
      for earlier in recent { _ = advance(earlier) }
    }
    finalStream = advance(byte)
    finalNormal = finalNorm(finalStream)
    return product(unembedding, finalNormal)
  }
}

// MARK: - One position

extension GPTEngine {
  /// The residual stream after the last block.
  private mutating func advance(_ byte: UInt8) -> [Float] {
    let d = shape.modelWidth
    var x = Array(embedding[Int(byte) * d..<(Int(byte) + 1) * d])
    accumulate(Array(positions[window.count * d..<(window.count + 1) * d]), into: &x)
    window.append(byte)
    for (index, layer) in layers.enumerated() {
      activations[index].streams = [x]
      accumulate(attention(layer.attentionNorm(x), layer, index), into: &x)
      activations[index].streams.append(x)
      accumulate(feedForward(layer.feedForwardNorm(x), layer, index), into: &x)
    }
    return x
  }

  private mutating func attention(_ x: [Float], _ layer: Layer, _ index: Int) -> [Float] {
    let (query, key, value) = (product(layer.query, x), product(layer.key, x), product(layer.value, x))
    keys[index] += key
    values[index] += value
    let mixed = (0..<shape.headCount).flatMap { head in
      let columns = head * shape.headWidth..<(head + 1) * shape.headWidth
      return answer(query, keys[index], values[index], columns)
    }
    activations[index].attentionNormal = x
    (activations[index].query, activations[index].key, activations[index].value) = (query, key, value)
    activations[index].mixed = mixed
    return product(layer.output, mixed)
  }

  /// One head: the mean of all values so far, weighted by how well their keys fit the query.
  private func answer(_ query: [Float], _ keys: [Float], _ values: [Float], _ columns: Range<Int>) -> [Float] {
    let d = shape.modelWidth
    let scale = 1 / Float(columns.count).squareRoot()
    let scores = window.indices.map { t in
      columns.reduce(0) { $0 + query[$1] * keys[t * d + $1] } * scale
    }
    var answer = [Float](repeating: 0, count: columns.count)
    for (t, weight) in distribution(scores).enumerated() {
      for (i, column) in columns.enumerated() { answer[i] += weight * values[t * d + column] }
    }
    return answer
  }

  /// Between the matrices GELU, with the error function itself.
  private mutating func feedForward(_ x: [Float], _ layer: Layer, _ index: Int) -> [Float] {
    let slope = Float(0.5).squareRoot()
    let hidden = product(layer.feedForwardInput, x)
    let activated = hidden.map { $0 * (1 + Float.errorFunction($0 * slope)) / 2 }
    activations[index].feedForwardNormal = x
    (activations[index].hidden, activations[index].activated) = (hidden, activated)
    return product(layer.feedForwardOutput, activated)
  }
}
