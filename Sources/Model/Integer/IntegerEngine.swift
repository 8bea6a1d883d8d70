import Basics
import Networks

/// The integer model as docs/integer.md writes it down: the oracle of the C engine's integer path. Every logit is an
/// integer of at most 16 bits, which a float holds exactly.
public struct IntegerEngine: LogitSource, Sendable {
  public let shape: AtomeShape
  public let contextLength: Int
  public let logitKind: LogitKind
  private let model: IntegerModel
  private var blocks: [IntegerBlock]
  private let unembedding: IntegerProduct

  /// - Parameter contextLength: T, positions that attention sees.
  /// - Throws: `HintedError` when T is outside 1…65536.
  public init(model: IntegerModel, contextLength: Int) throws {
    try ReferenceEngine.check(contextLength: contextLength)
    self.model = model
    self.contextLength = contextLength
    shape = model.shape
    logitKind = .integer(scale: Double(model.logitScale))
    blocks = model.layers.map {
      IntegerBlock($0, shape: model.shape, cache: model.cache, contextLength: contextLength)
    }
    unembedding = IntegerProduct(model.unembedding, columnCount: model.shape.modelWidth)
  }

  public mutating func reset() {
    for index in blocks.indices { blocks[index].reset() }
  }

  public mutating func step(_ byte: UInt8) -> [Float] {
    integerStep(byte).map(Float.init)
  }

  public func sampler(_ sampling: Sampling?, stream: UInt64) -> any ByteSampler {
    guard let sampling else { return GreedySampler() }
    return IntegerSampler(sampling, stream: stream, rate: model.logitRate)
  }

  /// r of every block at the last position: local, state, sparse.
  public var routerWeights: [[Float]] { blocks.map { $0.routes.map { Float($0) / Float(IntegerBounds.one) } } }

  /// Reads one byte and returns the 256 integer logits of the byte that follows.
  public mutating func integerStep(_ byte: UInt8) -> [Int32] {
    let d = shape.modelWidth
    var stream = model.embedding[Int(byte) * d..<(Int(byte) + 1) * d].map { Int32($0) * model.embeddingMagnitude }
    for index in blocks.indices { stream = blocks[index](stream) }
    return unembedding(integerNorm(stream, model.finalNorm))
  }
}
