import Basics
import Conversation
import Formats
import Networks

/// How fast the engines of this process read and write.
public struct InferenceBench: Codable, Sendable {
  /// One engine's rates, in bytes a second.
  public struct Rate: Codable, Sendable {
    public var engine: HostEngine
    /// Reading a text: a step a byte.
    public var prefill: Rounds
    /// Writing on, greedily: a step and a choice a byte.
    public var generation: Rounds
  }

  public var image: ContentID
  /// The shape's name, or its dimensions.
  public var model: String
  public var arithmetic: String
  public var context: Int
  /// Bytes read, and bytes written, in a round.
  public var byteCount: Int
  public var rates: [Rate]
  /// The C engine's rate over the Swift engine's: the best of each, and the median of the rounds' ratios.
  public var prefillRatio: Rounds
  public var generationRatio: Rounds

  /// - Parameter roundCount: the engines take turns, so that what slows the machine slows both.
  public init(_ image: LoadedImage, byteCount: Int, context: Int, roundCount: Int) throws {
    let prompt = Self.prompt(byteCount)
    var seconds: [HostEngine: [(prefill: Double, generation: Double)]] = [:]
    for _ in 0..<roundCount {
      for kind in HostEngine.allCases {
        var engine = try image.engine(kind, context: context)
        seconds[kind, default: []].append(try Self.measure(&engine, prompt))
      }
    }
    let rate = { (seconds: Double) in Double(byteCount) / max(seconds, 1e-9) }
    let prefills = seconds.mapValues { $0.map { rate($0.prefill) } }
    let generations = seconds.mapValues { $0.map { rate($0.generation) } }
    self.image = image.id
    (model, arithmetic) = (image.contents.shape.presetName, image.contents.arithmetic)
    self.context = context
    self.byteCount = byteCount
    rates = HostEngine.allCases.map {
      Rate(
        engine: $0, prefill: Rounds(rates: prefills[$0] ?? []), generation: Rounds(rates: generations[$0] ?? []))
    }
    prefillRatio = Self.ratio(prefills)
    generationRatio = Self.ratio(generations)
  }

  /// Letters and spaces, the same every time.
  private static func prompt(_ count: Int) -> [UInt8] {
    var generator = SeededGenerator(seed: 0)
    return (0..<count).map { _ in Array("abcdefghijklmnopqrstuvwxyz      ".utf8)[generator.below(32)] }
  }

  private static func measure(
    _ engine: inout any LogitSource, _ prompt: [UInt8]
  ) throws -> (prefill: Double, generation: Double) {
    let clock = ContinuousClock()
    var sampler = try engine.sampler(nil, stream: 0)
    engine.reset()
    var logits: [Float] = []
    let prefill = try clock.measure { for byte in prompt { logits = try engine.step(byte) } }
    let generation = try clock.measure {
      for _ in prompt { logits = try engine.step(sampler.next(logits)) }
    }
    return (prefill / .seconds(1), generation / .seconds(1))
  }

  private static func ratio(_ rates: [HostEngine: [Double]]) -> Rounds {
    let (swift, c) = (rates[.swift] ?? [], rates[.c] ?? [])
    var rounds = Rounds(rates: zip(c, swift).map { $0 / $1 })
    rounds.best = (c.max() ?? 0) / max(swift.max() ?? 1, 1e-9)
    return rounds
  }
}

extension ModelImage {
  /// How it computes, for a person.
  var arithmetic: String {
    switch self {
    case .float: "float"
    case .integer: "integer"
    case .compact: "integer, compact"
    }
  }
}
