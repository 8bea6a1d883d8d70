import CAtomeEngine
import Networks

/// The sampler that is flashed, compiled for this machine: it draws the bytes that `SeededSampler` draws.
public struct CSampler: ByteSampler {
  private var sampler: atome_sampler

  /// - Parameters:
  ///   - sampling: nil for the greedy choice.
  ///   - stream: independent sequences of one seed.
  public init(_ sampling: Sampling?, stream: UInt64) throws {
    sampler = try Self.prepared(sampling, stream: stream)
  }

  static func prepared(_ sampling: Sampling?, stream: UInt64) throws -> atome_sampler {
    var sampler = atome_sampler()
    var settings = atome_sampling()
    if let sampling {
      settings.temperature = UInt32(sampling.temperature)
      settings.top_k = UInt32(sampling.topK)
      settings.top_p = UInt32(sampling.topP)
      settings.seed = sampling.seed
    }
    try CEngine.check(atome_sampler_init(&sampler, &settings, stream))
    return sampler
  }

  /// - Parameter logits: 256 of them.
  public mutating func next(_ logits: [Float]) -> UInt8 { atome_sample(&sampler, logits) }

  /// Draws from the costs of the 256 bytes; not for the greedy choice.
  package mutating func draw(_ costs: [UInt32]) -> UInt8 {
    atome_sampler_begin(&sampler)
    for (byte, cost) in costs.enumerated() { atome_sampler_put(&sampler, UInt8(byte), cost) }
    return atome_sampler_draw(&sampler)
  }
}

/// The same from integer logits, whose unit the image tells.
struct CIntegerSampler: ByteSampler {
  private var sampler: atome_sampler
  private let choose: (inout atome_sampler, [Int32]) -> UInt8

  /// - Parameter choose: the engine's own function.
  init(
    _ sampling: Sampling?, stream: UInt64, choose: @escaping (inout atome_sampler, [Int32]) -> UInt8
  ) throws {
    sampler = try CSampler.prepared(sampling, stream: stream)
    self.choose = choose
  }

  mutating func next(_ logits: [Float]) -> UInt8 { choose(&sampler, logits.map { Int32($0) }) }
}
