import Basics

/// A seeded shuffling of `0 ..< count` that needs no memory: position in, number out, each number once.
///
/// A four-round Feistel network on the smallest even number of bits that holds `count`, walked until the result lies
/// inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002). At most four steps are expected.
package struct Permutation: Sendable {
  package let count: UInt64
  private let halfBitCount: UInt64
  private let keys: [UInt64]

  /// - Parameter count: at least 1 and at most 2^62.
  package init(count: UInt64, seed: UInt64) {
    self.count = count
    let bitCount = UInt64(UInt64.bitWidth - (count - 1).leadingZeroBitCount)
    halfBitCount = max(1, (bitCount + 1) / 2)
    var generator = SeededGenerator(seed: seed)
    keys = (0..<4).map { _ in generator.next() }
  }

  /// - Parameter position: below `count`.
  package subscript(_ position: UInt64) -> UInt64 {
    var value = position
    repeat { value = shuffled(value) } while value >= count
    return value
  }

  private func shuffled(_ value: UInt64) -> UInt64 {
    let mask = (UInt64(1) << halfBitCount) - 1
    var left = value >> halfBitCount
    var right = value & mask
    for key in keys {
      var round = SeededGenerator(seed: key ^ right)
      (left, right) = (right, left ^ (round.next() & mask))
    }
    return left << halfBitCount | right
  }
}
