/// Noise for rounding, uniform in ±width / 2. It depends on nothing but a key and an element's number, so that any
/// thread may round any tensor.
public struct RoundingNoise: Hashable, Sendable {
  /// In units of what is rounded to. Of width 1 it makes rounding stochastic: each weight is then rounded right on
  /// average (Gupta et al., "Deep Learning with Limited Numerical Precision", ICML 2015).
  public var width: Float
  public var key: UInt32

  public init(width: Float, key: UInt32) {
    self.width = width
    self.key = key
  }

  /// Noise of one step of one run.
  public init(width: Float, seed: UInt64, step: Int) {
    let folded = UInt32(truncatingIfNeeded: seed ^ seed >> 32)
    self.init(
      width: width, key: Self.mixed(Self.mixed(folded) &+ UInt32(truncatingIfNeeded: step) &* 0x85EB_CA6B))
  }

  public func value(at index: Int) -> Float {
    let hash = Self.mixed(key &+ UInt32(truncatingIfNeeded: index) &* Self.stride)
    return (Float(hash >> 8) * 0x1p-24 - 0.5) * width
  }

  /// The same noise from the element with that number on.
  public func dropping(_ count: Int) -> RoundingNoise {
    RoundingNoise(width: width, key: key &+ UInt32(truncatingIfNeeded: count) &* Self.stride)
  }

  /// 2^32 divided by the golden ratio.
  private static let stride: UInt32 = 0x9E37_79B9

  /// The finaliser of MurmurHash3 (Appleby, 2011).
  private static func mixed(_ number: UInt32) -> UInt32 {
    var h = number
    h = (h ^ h >> 16) &* 0x85EB_CA6B
    h = (h ^ h >> 13) &* 0xC2B2_AE35
    return h ^ h >> 16
  }
}
