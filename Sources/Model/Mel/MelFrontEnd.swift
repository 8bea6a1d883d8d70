/// From sound to bytes: 512 samples of 16 kHz become four bytes, one for each quarter of the mel scale.
/// docs/formats/mel.md specifies every rounding; the C twin is firmware/wakeword.
public struct MelFrontEnd: Hashable, Sendable {
  public static let sampleRate = 16_000
  /// Samples of a step: 32 ms.
  public static let stepSampleCount = 512
  public static let bandCount = 12
  public static let levelCount = 16
  /// Bytes of a step: each says the levels of `partBandCount` neighbouring bands, the lowest first.
  public static let partCount = 4
  public static let partBandCount = bandCount / partCount
  /// The byte of the first part's first code; each part has bytes of its own.
  public static let firstByte: UInt8 = 32
  /// What the C twin takes: `ATOME_MEL_BYTES`.
  public static let memoryByteCount = 2612
  /// Where bands begin, are loudest and end, in lines of 31.25 Hz: band b has edges b, b + 1 and b + 2. Evenly spaced
  /// on the mel scale from 100 to 7200 Hz.
  static let edges = [3, 8, 14, 21, 29, 39, 51, 65, 82, 103, 127, 155, 190, 230]
  /// A floor never lies below this, about the loudness of one step of a converter.
  static let leastFloor: Int32 = 1000 << 8

  private var history = [Int16](repeating: 0, count: stepSampleCount / 2)
  private var floors: [Int32]?

  /// Silence lies before the first sample.
  public init() {}

  /// What the byte of a part can be.
  public static func bytes(ofPart part: Int) -> ClosedRange<UInt8> {
    let first = firstByte + UInt8(part * MelCodes.count)
    return first...first + UInt8(MelCodes.count - 1)
  }

  /// - Parameter samples: the next 512.
  /// - Returns: four bytes, in the order in which a student reads them.
  public mutating func step(_ samples: some RandomAccessCollection<Int16>) -> [UInt8] {
    let levels = levels(samples)
    return (0..<Self.partCount).map { part in
      Self.code(of: Array(levels[part * Self.partBandCount..<(part + 1) * Self.partBandCount]), part: part)
    }
  }

  /// How far each band is above its floor, which falls fast and rises slowly.
  package mutating func levels(_ samples: some RandomAccessCollection<Int16>) -> [UInt8] {
    let energies = energies(samples).map { $0 << 8 }
    let floors = zip(energies, self.floors ?? energies).map { energy, floor in
      max(Self.leastFloor, floor + (energy - floor) >> (energy < floor ? 2 : 7))
    }
    self.floors = floors
    return zip(energies, floors).map { UInt8(max(0, min(Int32(Self.levelCount - 1), ($0 - $1) >> 13))) }
  }

  /// The byte of the part's code that is nearest to these levels, the first of those that are equally near.
  package static func code(of levels: [UInt8], part: Int) -> UInt8 {
    var (nearest, least) = (0, Int.max)
    for code in 0..<MelCodes.count {
      let distance = zip(levels, MelCodes.levels(of: code, part: part)).reduce(0) { sum, pair in
        let difference = Int(pair.0) - Int(pair.1)
        return sum + difference * difference
      }
      if distance < least { (nearest, least) = (code, distance) }
    }
    return bytes(ofPart: part).lowerBound + UInt8(nearest)
  }

  /// The loudness of each band in these samples, in 1/32 octaves of energy.
  package mutating func energies(_ samples: some RandomAccessCollection<Int16>) -> [Int32] {
    precondition(samples.count == Self.stepSampleCount, "a step has \(Self.stepSampleCount) samples")
    let seen = history + samples
    history = Array(seen.suffix(history.count))
    var (spectrum, exponent) = MelSpectrum.loading(seen)
    spectrum.transform()
    return (0..<Self.bandCount).map { band in
      Self.logarithm(Self.energy(of: spectrum, band)) + 64 * exponent
    }
  }

  private static func energy(of spectrum: MelSpectrum, _ band: Int) -> UInt64 {
    let (first, peak, last) = (edges[band], edges[band + 1], edges[band + 2])
    return (first + 1..<last).reduce(1) { sum, line in
      let weight = line <= peak ? (line - first) << 8 / (peak - first) : (last - line) << 8 / (last - peak)
      return sum + UInt64(spectrum.energy(ofLine: line)) * UInt64(weight)
    }
  }

  /// log2 of a value from 1 on in units of 1/32, rounded down: a digit by each squaring.
  package static func logarithm(_ value: UInt64) -> Int32 {
    let whole = UInt64.bitWidth - 1 - value.leadingZeroBitCount
    var mantissa = UInt32(truncatingIfNeeded: whole >= 15 ? value >> (whole - 15) : value << (15 - whole))
    var result = Int32(whole)
    for _ in 0..<5 {
      mantissa = (mantissa * mantissa) >> 15
      result *= 2
      if mantissa >= 1 << 16 {
        mantissa >>= 1
        result += 1
      }
    }
    return result
  }
}
