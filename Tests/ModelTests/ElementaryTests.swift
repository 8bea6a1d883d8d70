import Foundation
import Model
import Testing

@Suite("Elementary functions")
struct ElementaryTests {
  /// What docs/numerics.md promises of both functions.
  private static let errorLimit = 2.0

  @Test("exp and tanh meet mpmath's answers", arguments: elementaryAnswers)
  func knownAnswers(x: UInt32, exponential: UInt32, tangent: UInt32) {
    let input = Float(bitPattern: x)
    #expect(errorInULP(atomeExp(input), Double(Float(bitPattern: exponential))) <= Self.errorLimit)
    #expect(errorInULP(atomeTanh(input), Double(Float(bitPattern: tangent))) <= Self.errorLimit)
  }

  @Test("at every 1021st input of all 2^32, the error is at most 2 ULP of the double-precision library's value")
  func accuracy() {
    var worst = (exponential: 0.0, tangent: 0.0)
    for bits in stride(from: UInt64(0), to: 1 << 32, by: 1021) {
      let x = Float(bitPattern: UInt32(bits))
      if x.isNaN { continue }
      worst.exponential = max(worst.exponential, errorInULP(atomeExp(x), exp(Double(x))))
      worst.tangent = max(worst.tangent, errorInULP(atomeTanh(x), tanh(Double(x))))
    }
    #expect(worst.exponential <= Self.errorLimit)
    #expect(worst.tangent <= Self.errorLimit)
  }

  @Test("at every 251st input the bits are those of the C twins, whose digests scripts/check_elementary.c prints")
  func twins() {
    #expect(digest(atomeExp) == 0x280E_DA59_7AC0_3034)
    #expect(digest(atomeTanh) == 0x479B_0081_AD04_944C)
  }

  @Test("NaN of any payload gives the one quiet NaN", arguments: [0x7F80_0001, 0x7FC0_0000, 0xFFC0_0000, 0xFFFF_FFFF])
  func notANumber(bits: UInt32) {
    #expect(atomeExp(Float(bitPattern: bits)).bitPattern == 0x7FC0_0000)
    #expect(atomeTanh(Float(bitPattern: bits)).bitPattern == 0x7FC0_0000)
  }

  @Test("at the ends of its range exp is infinite, zero, and exactly one at zero")
  func exponentialLimits() {
    // ln(FLT_MAX) = 88.7228390… and ln(2^-150) = -103.9720770…, rounded towards zero.
    let last = Float(bitPattern: 0x42B1_7217)
    let least = Float(bitPattern: 0xC2CF_F1B4)
    #expect(atomeExp(last).isFinite && atomeExp(last.nextUp) == .infinity)
    #expect(atomeExp(least) == .leastNonzeroMagnitude && atomeExp(least.nextDown) == 0)
    #expect(atomeExp(.infinity) == .infinity && atomeExp(-.infinity) == 0)
    #expect(atomeExp(0) == 1 && atomeExp(-0.0) == 1)
  }

  @Test("tanh is odd to the bit, zero and infinity included")
  func oddness() {
    let notOdd = stride(from: UInt32(0), through: Float.infinity.bitPattern, by: 4093).first { bits in
      let x = Float(bitPattern: bits)
      return atomeTanh(-x).bitPattern != (-atomeTanh(x)).bitPattern
    }
    #expect(notOdd == nil)
    #expect(atomeTanh(.infinity) == 1 && atomeTanh(-.infinity) == -1)
    #expect(atomeTanh(-0.0).bitPattern == 0x8000_0000)
  }

  /// FNV-1a, a word at a time, over the results' bits.
  private func digest(_ function: (Float) -> Float) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for bits in stride(from: UInt64(0), to: 1 << 32, by: 251) {
      hash = (hash ^ UInt64(function(Float(bitPattern: UInt32(bits))).bitPattern)) &* 0x100_0000_01B3
    }
    return hash
  }

  /// |result - exact| in units of the distance between neighbouring Floats around `exact`.
  private func errorInULP(_ result: Float, _ exact: Double) -> Double {
    let nearest = Float(exact)
    if result == nearest { return 0 }
    return abs(Double(result) - exact) / Double(nearest.ulp)
  }
}
