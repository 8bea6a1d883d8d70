/// Two windows of sound as real and imaginary part of one, and Fourier's transform of them in 16 bits.
struct MelSpectrum {
  private static let count = 512
  private var real = [Int16](repeating: 0, count: count)
  private var imaginary = [Int16](repeating: 0, count: count)

  /// round(32767 sin(2 pi n / 512)).
  private static let sines: [Int32] = [
    0, 402, 804, 1206, 1608, 2009, 2410, 2811, 3212, 3612, 4011, 4410, 4808, 5205, 5602, 5998,
    6393, 6786, 7179, 7571, 7962, 8351, 8739, 9126, 9512, 9896, 10278, 10659, 11039, 11417, 11793, 12167,
    12539, 12910, 13279, 13645, 14010, 14372, 14732, 15090, 15446, 15800, 16151, 16499, 16846, 17189, 17530, 17869,
    18204, 18537, 18868, 19195, 19519, 19841, 20159, 20475, 20787, 21096, 21403, 21705, 22005, 22301, 22594, 22884,
    23170, 23452, 23731, 24007, 24279, 24547, 24811, 25072, 25329, 25582, 25832, 26077, 26319, 26556, 26790, 27019,
    27245, 27466, 27683, 27896, 28105, 28310, 28510, 28706, 28898, 29085, 29268, 29447, 29621, 29791, 29956, 30117,
    30273, 30424, 30571, 30714, 30852, 30985, 31113, 31237, 31356, 31470, 31580, 31685, 31785, 31880, 31971, 32057,
    32137, 32213, 32285, 32351, 32412, 32469, 32521, 32567, 32609, 32646, 32678, 32705, 32728, 32745, 32757, 32765,
    32767,
  ]

  /// sin(2 pi n / 512) in units of 2^-15.
  private static func sine(_ number: Int) -> Int32 {
    let part = number % 256
    let value = sines[min(part, 256 - part)]
    return number < 256 ? value : -value
  }

  private static func cosine(_ number: Int) -> Int32 { sine((number + 128) % count) }

  private static let table: [(cosine: Int32, sine: Int32)] = (0..<count).map { (cosine($0), sine($0)) }
  /// The Hann window in units of 2^-15.
  private static let window: [Int32] = (0..<count).map { (32768 - cosine($0)) >> 1 }
  private static let reversed: [Int] = (0..<count).map { number in
    (0..<9).reduce(0) { $0 << 1 | number >> $1 & 1 }
  }

  /// - Parameter samples: 768, of which both windows see 512.
  /// - Returns: the windows, divided by 2^exponent so that they fit.
  static func loading(_ samples: [Int16]) -> (spectrum: MelSpectrum, exponent: Int32) {
    let first = (0..<count).map { Int32(samples[$0]) * window[$0] }
    let second = (0..<count).map { Int32(samples[$0 + count / 2]) * window[$0] }
    let largest = (first + second).reduce(0) { max($0, abs($1)) }
    let exponent = max(0, 18 - Int32(largest.leadingZeroBitCount))
    let half = (Int32(1) << exponent) >> 1
    var spectrum = MelSpectrum()
    for number in 0..<count {
      spectrum.real[reversed[number]] = Int16((first[number] + half) >> exponent)
      spectrum.imaginary[reversed[number]] = Int16((second[number] + half) >> exponent)
    }
    return (spectrum, exponent)
  }

  /// Divided by 512: each of nine stages halves its sums, so nothing passes 16 bits.
  mutating func transform() {
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        var width = 1
        while width < Self.count {
          for turn in 0..<width {
            let (cosine, positive) = Self.table[turn * (Self.count / 2 / width)]
            let sine = -positive
            for a in stride(from: turn, to: Self.count, by: 2 * width) {
              let b = a + width
              let (p, q) = (Int32(real[b]), Int32(imaginary[b]))
              let x = (p * cosine - q * sine + 1 << 14) >> 15
              let y = (p * sine + q * cosine + 1 << 14) >> 15
              let (u, v) = (Int32(real[a]), Int32(imaginary[a]))
              (real[a], imaginary[a]) = (Int16((u + x + 1) >> 1), Int16((v + y + 1) >> 1))
              (real[b], imaginary[b]) = (Int16((u - x + 1) >> 1), Int16((v - y + 1) >> 1))
            }
          }
          width *= 2
        }
      }
    }
  }

  /// The energy of both windows at a line from 1 to 255.
  func energy(ofLine line: Int) -> UInt32 {
    [line, Self.count - line].reduce(0) { sum, line in
      let (x, y) = (Int32(real[line]), Int32(imaginary[line]))
      return sum + UInt32(x * x) + UInt32(y * y)
    }
  }
}
