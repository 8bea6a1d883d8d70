import Formats
import Networks

/// From the bytes of a series, and a student's logits, to alarms: the twin of firmware/anomaly.
public struct AnomalyDetector {
  /// What one reading says.
  public struct Answer: Hashable, Sendable {
    public var byte: UInt8
    public var raisesAlarm: Bool
    /// -log2 of the probability that the byte had, in 1/2048 bits; 0 for the first reading.
    public var surprise: Int32
    /// The smoothed surprise, in 1/524288 bits.
    public var score: Int32

    package init(byte: UInt8, raisesAlarm: Bool, surprise: Int32, score: Int32) {
      (self.byte, self.raisesAlarm, self.surprise, self.score) = (byte, raisesAlarm, surprise, score)
    }
  }

  /// What a board's detector takes beside the engine's work memory: `ATOME_ANOMALY_DETECTOR_BYTES`.
  public static let memoryByteCount = 120

  private let file: AnomalyDetectorFile
  private let rate: LogitRate
  private var engine: any LogitSource
  private var logits: [Float]?
  private var score: Int32
  private var left: Int

  /// - Parameter engine: one that read nothing yet.
  public init(_ file: AnomalyDetectorFile, rate: LogitRate, engine: any LogitSource) {
    (self.file, self.rate, self.engine) = (file, rate, engine)
    score = file.expected
    // A student that has read little is surprised by much.
    left = file.pause
  }

  public mutating func step(_ reading: Int32?) throws -> Answer {
    let byte = SeriesQuantiser(file).byte(of: reading)
    var surprise: Int32 = 0
    if let logits {
      surprise = Self.surprise(of: byte, logits: logits, rate: rate)
      score += (surprise << 8 - score) >> Int32(file.smoothing)
    }
    let isAnomalous = score >= file.threshold
    defer { left = isAnomalous ? file.pause : max(0, left - 1) }
    logits = try engine.step(byte)
    return Answer(byte: byte, raisesAlarm: isAnomalous && left == 0, surprise: surprise, score: score)
  }

  /// -log2 of the probability of a byte in 1/2048 bits, from integer logits.
  public static func surprise(of byte: UInt8, logits: [Float], rate: LogitRate) -> Int32 {
    let costs = rate.costs(of: logits)
    let sum = costs.reduce(0) { $0 + atomeFinePowerDown($1) }
    return Int32(min(costs[Int(byte)] + fineLogarithm(sum), UInt32(AnomalyDetectorFile.surpriseLimit)))
  }

  /// log2 of value / 2^20 in units of 1/2048, rounded down, of a value from 2^20 on: a digit by each squaring.
  package static func fineLogarithm(_ value: UInt32) -> UInt32 {
    let whole = UInt32(31 - value.leadingZeroBitCount)
    var (mantissa, result) = (value >> (whole - 15), whole - 20)
    for _ in 0..<11 {
      mantissa = (mantissa * mantissa) >> 15
      result <<= 1
      if mantissa >= 1 << 16 {
        mantissa >>= 1
        result |= 1
      }
    }
    return result
  }
}
