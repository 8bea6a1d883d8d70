/// A small seeded generator whose sequence is part of the contract: same seed, same bytes, on any machine.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
/// Use `stream(_:)` for independent sequences from one seed (initialisation, batches, sampling), and the methods
/// below rather than the standard library's `random(in:using:)`, whose algorithm may change between Swift versions.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Codable, Sendable {
  public private(set) var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  private static func mix(_ input: UInt64) -> UInt64 {
    var z = input
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An independent sequence: the same seed and number give the same one.
  public func stream(_ number: UInt64) -> SeededGenerator {
    SeededGenerator(seed: Self.mix(state ^ Self.mix(number &+ 0x632B_E59B_D9B4_E019)))
  }

  /// An unbiased integer in `0 ..< bound` (Lemire, "Fast Random Integer Generation in an Interval", 2019).
  public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "a bound must be positive")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// A number in `0 ..< 1` with 53 random bits.
  public mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }
}
