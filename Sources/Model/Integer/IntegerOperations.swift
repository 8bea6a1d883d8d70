import Networks

/// The bounds of integer activations: the norm's output and the stream.
enum IntegerBounds {
  static let normBitCount = 8
  /// A normalised input of 1 in steps of the state's input gain, which is finer.
  static let inputSteps: Int32 = 32
  static let queryBitCount = 12
  static let streamBitCount = 24
  /// 1 as a probability.
  static let one: Int32 = 32_768
  static let oneUnsigned: UInt32 = 32_768
}

extension Int32 {
  /// The nearest number of so many bits, sign included.
  func clamped(toBits count: Int) -> Int32 {
    let limit: Int32 = 1 << (count - 1)
    return Swift.min(Swift.max(self, -limit), limit - 1)
  }

  /// `self / 2^shift`, rounded to the nearest; halves go up.
  func roundedShift(_ shift: Int32) -> Int32 {
    shift == 0 ? self : (self + (1 << (shift - 1))) >> shift
  }
}

extension Requantisation {
  func callAsFunction(_ sum: Int32, bits: Int) -> Int32 {
    (sum * multiplier).roundedShift(shift).clamped(toBits: bits)
  }
}

extension OctaveRate {
  /// 1/2048 octaves.
  package func callAsFunction(_ distance: UInt32) -> UInt32 {
    ((min(distance, limit) >> preShift) * multiplier) >> shift
  }
}

/// The largest integer whose square is at most `value`.
package func integerSquareRoot(_ value: UInt32) -> UInt32 {
  var (root, rest, bit): (UInt32, UInt32, UInt32) = (0, value, 1 << 30)
  while bit != 0 {
    if rest >= root + bit {
      rest -= root + bit
      root = root >> 1 + bit
    } else {
      root >>= 1
    }
    bit >>= 2
  }
  return root
}

/// A number as `root * 2^exponent`, root in 2^15 ..< 2^16: its square root.
struct ScaledRoot {
  var root: UInt32
  var exponent: Int32

  /// - Parameter value: at least 1.
  init(of value: UInt64) {
    // An even shift brings the leading bit to place 30 or 31.
    let shift = Int32(33 - value.leadingZeroBitCount) & ~1
    root = integerSquareRoot(UInt32(truncatingIfNeeded: shift >= 0 ? value >> UInt64(shift) : value << UInt64(-shift)))
    exponent = shift / 2
  }
}

/// Layer norm of the stream: 8-bit numbers in the layer's own unit.
package func integerNorm(_ stream: [Int32], _ norm: IntegerNorm) -> [Int32] {
  standardised(stream, inputShift: norm.inputShift, epsilon: norm.epsilon).enumerated().map { c, z in
    ((z * Int32(norm.gain[c]) + norm.bias[c]) >> norm.outputShift).clamped(toBits: IntegerBounds.normBitCount)
  }
}

/// Deviations from the mean, in units of 2^-12 of their standard deviation.
func standardised(_ stream: [Int32], inputShift: Int32, epsilon: UInt32) -> [Int32] {
  let count = Int32(stream.count)
  let x = stream.map { ($0 >> inputShift).clamped(toBits: 16) }
  let sum = x.reduce(0, +)
  let mean = (sum >= 0 ? sum + count / 2 : sum - count / 2) / count
  let squares = x.reduce(UInt64(0)) { $0 + UInt64(Int64($1 - mean) * Int64($1 - mean)) }
  let inverse = inverseDeviation(squares: squares + UInt64(epsilon), count: UInt32(count))
  return x.map { (($0 - mean) * inverse) >> 13 }
}

/// 2^25 * sqrt(count / squares): with it, a deviation from the mean becomes multiples of the standard deviation.
func inverseDeviation(squares: UInt64, count: UInt32) -> Int32 {
  let numerator = ScaledRoot(of: UInt64(count))
  let denominator = ScaledRoot(of: squares)
  let quotient = (numerator.root << 15) / denominator.root
  // quotient is 2^15 * the quotient of the roots.
  let shift = 10 + numerator.exponent - denominator.exponent
  return Int32(truncatingIfNeeded: shift >= 0 ? quotient << UInt32(shift) : quotient >> UInt32(-shift))
}

/// Probabilities in units of 1/32768, from numbers of which the largest is likeliest.
package func integerSoftmax(_ values: [Int32], _ rate: OctaveRate) -> [Int32] {
  let largest = values.max() ?? 0
  let weights = values.map { atomeExp2Down(rate(UInt32(bitPattern: largest &- $0))) }
  let sum = weights.reduce(0, +)
  return weights.map { Int32(($0 * 32_768) / sum) }
}

/// A ternary matrix made ready to be applied: sums of ±x, exact in any order.
struct IntegerProduct: Sendable {
  private let rowCount: Int
  private let columnCount: Int
  /// (blocks of 16 rows, columnCount); rows past the last are zero.
  private let signs: [SIMD16<Int32>]

  /// - Parameter trits: row-major, whole rows.
  init(_ trits: [Int8], columnCount: Int) {
    self.columnCount = columnCount
    rowCount = trits.count / columnCount
    var signs = [SIMD16<Int32>](repeating: .zero, count: (rowCount + 15) / 16 * columnCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        signs[row / 16 * columnCount + column][row % 16] = Int32(trits[row * columnCount + column])
      }
    }
    self.signs = signs
  }

  func callAsFunction(_ x: [Int32]) -> [Int32] {
    var sums: [Int32] = []
    sums.reserveCapacity(rowCount + 15)
    for start in stride(from: 0, to: signs.count, by: columnCount) {
      var block = SIMD16<Int32>.zero
      for column in 0..<columnCount { block &+= signs[start + column] &* x[column] }
      for lane in 0..<16 { sums.append(block[lane]) }
    }
    sums.removeLast(sums.count - rowCount)
    return sums
  }
}
