import Basics
import Networks

/// The model as docs/numerics.md writes it down: the oracle that every other engine is compared with, bit by bit.
public struct ReferenceEngine: LogitSource, Sendable {
  public let shape: AtomeShape
  public let contextLength: Int
  private let embedding: TernaryTensor
  private var blocks: [ReferenceBlock]
  private let finalGamma: [Float]
  private let finalBeta: [Float]
  private let unembedding: TernaryProduct
  /// The stream after the last block, and its layer norm, at the last position.
  private var last: (stream: [Float], normal: [Float]) = ([], [])

  /// The longest window that an engine accepts.
  public static let contextLimit = 65_536

  /// - Parameter contextLength: T, positions that attention sees.
  /// - Throws: `HintedError` when T is outside 1…65536.
  public init(model: AtomeModel, contextLength: Int) throws {
    try Self.check(contextLength: contextLength)
    shape = model.shape
    self.contextLength = contextLength
    embedding = model.embedding
    blocks = model.layers.map { ReferenceBlock($0, shape: model.shape, contextLength: contextLength) }
    finalGamma = model.finalGamma
    finalBeta = model.finalBeta
    unembedding = TernaryProduct(model.unembedding)
  }

  static func check(contextLength: Int) throws {
    guard (1...contextLimit).contains(contextLength) else {
      throw HintedError(
        "the context is \(contextLength) positions, outside 1…\(contextLimit)", hint: "64 is usual", status: .usage)
    }
  }

  public mutating func reset() {
    for index in blocks.indices { blocks[index].reset() }
  }

  public mutating func step(_ byte: UInt8) -> [Float] {
    var x = embed(byte)
    for index in blocks.indices { x = blocks[index](x) }
    last = (x, layerNorm(x, gamma: finalGamma, beta: finalBeta))
    return unembedding(last.normal)
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler {
    sampling.map { SeededSampler($0, stream: stream) } ?? GreedySampler()
  }

  /// r of every block at the last position: local, state, sparse.
  public var routerWeights: [[Float]] { blocks.map(\.routerWeights) }

  /// What every block computed for the last position.
  package var activations: [BlockActivations] { blocks.map(\.activations) }
  package var finalStream: [Float] { last.stream }
  package var finalNormal: [Float] { last.normal }

  private func embed(_ byte: UInt8) -> [Float] {
    let d = shape.modelWidth
    let row = embedding.trits[Int(byte) * d..<(Int(byte) + 1) * d]
    return row.map { $0 == 0 ? 0 : $0 > 0 ? embedding.scale : -embedding.scale }
  }
}
