/// A seeded shuffling of `0 ..< count` that needs no memory: position in, number out, each number once.
///
/// A four-round Feistel network on the smallest even number of bits that holds `count`, walked until the result lies
/// inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002). At most four steps are expected.
public struct Permutation: Sendable {
  public let count: UInt64
  private let halfBitCount: UInt64
  /// A tuple, so that a new permutation allocates nothing.
  private let keys: (UInt64, UInt64, UInt64, UInt64)

  /// - Parameter count: at least 1 and at most 2^62.
  public init(count: UInt64, seed: UInt64) {
    self.count = count
    let bitCount = UInt64(UInt64.bitWidth - (count - 1).leadingZeroBitCount)
    halfBitCount = max(1, (bitCount + 1) / 2)
    var generator = SeededGenerator(seed: seed)
    keys = (generator.next(), generator.next(), generator.next(), generator.next())
  }

  /// - Parameter position: below `count`.
  public subscript(_ position: UInt64) -> UInt64 {
    var value = position
    repeat { value = shuffled(value) } while value >= count
    return value
  }

  private func shuffled(_ value: UInt64) -> UInt64 {
    let mask = (UInt64(1) << halfBitCount) - 1
    var left = value >> halfBitCount
    var right = value & mask
    func round(_ key: UInt64) {
      var generator = SeededGenerator(seed: key ^ right)
      (left, right) = (right, left ^ (generator.next() & mask))
    }
    round(keys.0)
    round(keys.1)
    round(keys.2)
    round(keys.3)
    return left << halfBitCount | right
  }
}
