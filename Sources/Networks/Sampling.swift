import Basics

/// How the next byte is drawn from a model's logits, where it is not the most probable one. Integers throughout: the
/// same settings draw the same bytes on every machine. Specified in docs/sampling.md.
public struct Sampling: Hashable, Codable, Sendable {
  /// In thousandths, 10…100000: logits are divided by it. Small is sober, large is wild.
  public let temperature: Int
  /// 1…256: how many of the most probable bytes may be drawn.
  public let topK: Int
  /// In thousandths, 1…1000: the most probable bytes that together have this share of the probability may be drawn.
  public let topP: Int
  public let seed: UInt64

  public static let temperatures = 10...100_000
  public static let topKs = 1...256
  public static let topPs = 1...1000

  /// - Throws: `HintedError` that names the first value outside its limits.
  public init(temperature: Int = 1000, topK: Int = 256, topP: Int = 1000, seed: UInt64 = 0) throws {
    try Self.check("temperature", temperature, Self.temperatures)
    try Self.check("top k", topK, Self.topKs)
    try Self.check("top p", topP, Self.topPs)
    self.init(checked: temperature, topK, topP, seed)
  }

  /// What a verification samples with: settings of which none is without an effect.
  public static let proving = Sampling(checked: 800, 40, 950, 0)

  private init(checked temperature: Int, _ topK: Int, _ topP: Int, _ seed: UInt64) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }

  private static func check(_ what: String, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw HintedError(
        "sampling: the \(what) is \(value), outside \(range.lowerBound)…\(range.upperBound)", status: .usage)
    }
  }
}

extension Sampling: CustomStringConvertible {
  /// `temperature 0.8, top k 40, top p 0.95, seed 7`.
  public var description: String {
    "temperature \(Double(temperature) / 1000), top k \(topK), top p \(Double(topP) / 1000), seed \(seed)"
  }
}

/// What turns 256 logits into the next byte; it keeps the state of a generator.
public protocol ByteSampler {
  mutating func next(_ logits: [Float]) -> UInt8
}

/// The greedy choice, which needs no state.
public struct GreedySampler: ByteSampler, Sendable {
  public init() {}
  public func next(_ logits: [Float]) -> UInt8 { greedyByte(logits) }
}
