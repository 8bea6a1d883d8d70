import Formats
import Foundation

/// From values of a series to readings, integers, and from those to bytes: docs/formats/detector.md. The C twin of the
/// second half is `atome_anomaly_byte`.
public struct SeriesQuantiser: Hashable, Sendable {
  public static let missingByte = UInt8(ascii: "-")
  public static let firstByte = UInt8(ascii: "0")

  public var decimals: Int
  public var low: Int32
  public var high: Int32
  public var levelBits: Int

  public init(decimals: Int, low: Int32, high: Int32, levelBits: Int) {
    (self.decimals, self.low, self.high, self.levelBits) = (decimals, low, high, levelBits)
  }

  public init(_ file: AnomalyDetectorFile) {
    self.init(decimals: file.decimals, low: file.low, high: file.high, levelBits: file.levelBits)
  }

  /// A value in the unit 10^-decimals, the nearest integer, halves away from zero; one beyond 32 bits is cut. NaN, like
  /// a missing value, is nil.
  public func reading(of value: Double?) -> Int32? { Self.reading(of: value, decimals: decimals) }

  public static func reading(of value: Double?, decimals: Int) -> Int32? {
    guard let value, !value.isNaN else { return nil }
    let scaled = (value * Self.scale(decimals)).rounded(.toNearestOrAwayFromZero)
    // The least number of 32 bits is the device's word for a missing reading.
    return Int32(max(-2_147_483_647, min(2_147_483_647, scaled)))
  }

  /// 10^decimals, exactly.
  package static func scale(_ decimals: Int) -> Double { (0..<decimals).reduce(1.0) { scale, _ in scale * 10 } }

  /// `floor((reading - low) 2^levelBits / (high - low))` within the levels, from "0" on; "-" for none.
  public func byte(of reading: Int32?) -> UInt8 {
    guard let reading else { return Self.missingByte }
    let level = (Int64(reading) - Int64(low)) << Int64(levelBits)
    let last = Int64(1) << Int64(levelBits) - 1
    // Division cuts towards zero, and what is below zero becomes zero.
    return Self.firstByte + UInt8(max(0, min(last, level / (Int64(high) - Int64(low)))))
  }
}
