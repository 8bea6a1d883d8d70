/// PCG32, XSH-RR 64/32: 64 bits of state, 32 bits a number (O'Neill, "PCG: A Family of Simple Fast Space-Efficient
/// Statistically Good Algorithms for Random Number Generation", 2014). What a device draws with; the C twin is
/// `atome_random_next`.
package struct PermutedCongruentialGenerator: Sendable {
  private var state: UInt64 = 0
  private let increment: UInt64

  /// - Parameter stream: independent sequences of one seed; the highest bit is not used.
  package init(seed: UInt64, stream: UInt64) {
    increment = stream << 1 | 1
    _ = next()
    state &+= seed
    _ = next()
  }

  package mutating func next() -> UInt32 {
    let old = state
    state = old &* 6_364_136_223_846_793_005 &+ increment
    let mixed = UInt32(truncatingIfNeeded: (old >> 18 ^ old) >> 27)
    let turn = UInt32(truncatingIfNeeded: old >> 59)
    return mixed >> turn | mixed << ((32 - turn) & 31)
  }
}
