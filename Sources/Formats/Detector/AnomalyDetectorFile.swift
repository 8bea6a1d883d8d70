import Basics
import Lineage

/// The numbers that turn readings into bytes, and what a student says of those into alarms: docs/formats/detector.md.
public struct AnomalyDetectorFile: Hashable, Sendable {
  public static let schema = "alambic.detector/1"
  public static let levelBitsLimit = 6
  public static let smoothingLimit = 12
  /// 10 to this power is the largest scale of a reading.
  public static let decimalsLimit = 9
  /// The largest surprise of one reading, in 1/2048 bits.
  public static let surpriseLimit = 65_535
  /// What a score has in a bit.
  public static let scoreBit = 524_288.0
  static let pauseLimit = 1_000_000

  /// The student's file.
  public var image: ContentID
  /// A value of the series times 10^decimals is a reading.
  public var decimals: Int
  /// The readings that the levels span.
  public var low: Int32
  public var high: Int32
  /// There are 2^levelBits levels.
  public var levelBits: Int
  /// A reading moves the score by 1 / 2^smoothing of the way to its surprise.
  public var smoothing: Int
  /// Mean and standard deviation of the score on held-out normal readings; the score starts at the mean.
  public var expected: Int32
  public var deviation: Int32
  /// Scores from here on are anomalous.
  public var threshold: Int32
  /// Readings without another alarm behind an anomalous one.
  public var pause: Int

  public init(
    image: ContentID, decimals: Int, low: Int32, high: Int32, levelBits: Int, smoothing: Int, expected: Int32,
    deviation: Int32, threshold: Int32, pause: Int
  ) {
    (self.image, self.decimals, self.low, self.high) = (image, decimals, low, high)
    (self.levelBits, self.smoothing, self.pause) = (levelBits, smoothing, pause)
    (self.expected, self.deviation, self.threshold) = (expected, deviation, threshold)
  }

  /// Which field is outside its limits, and what they are; nil where all are within.
  private var fault: (Key, String)? {
    let scoreLimit = Int32(Self.surpriseLimit) << 8
    return switch true {
    case !(0...Self.decimalsLimit ~= decimals): (.decimals, "\(decimals), outside 0…\(Self.decimalsLimit)")
    case low >= high: (.low, "\(low), which is not below high, \(high)")
    case low == Int32.min: (.low, "\(low), which stands for a missing reading")
    case !(1...Self.levelBitsLimit ~= levelBits): (.levelBits, "\(levelBits), outside 1…\(Self.levelBitsLimit)")
    case !(0...Self.smoothingLimit ~= smoothing): (.smoothing, "\(smoothing), outside 0…\(Self.smoothingLimit)")
    case !(0...scoreLimit ~= expected): (.expected, "\(expected), outside 0…\(scoreLimit)")
    case deviation < 1: (.deviation, "\(deviation), where 1 is the least")
    case threshold < 1: (.threshold, "\(threshold), where 1 is the least")
    case !(0...Self.pauseLimit ~= pause): (.pause, "\(pause), outside 0…\(Self.pauseLimit)")
    default: nil
    }
  }
}

extension AnomalyDetectorFile: Codable {
  private enum Key: String, CodingKey {
    case schema, image, decimals, low, high, levelBits, smoothing, expected, deviation, threshold, pause
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let schema = try values.decode(String.self, forKey: .schema)
    guard schema == Self.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: values, debugDescription: "'\(schema)', where '\(Self.schema)' is read")
    }
    func number(_ key: Key) throws -> Int { try values.decode(Int.self, forKey: key) }
    func reading(_ key: Key) throws -> Int32 { try values.decode(Int32.self, forKey: key) }
    try self.init(
      image: values.decode(ContentID.self, forKey: .image), decimals: number(.decimals), low: reading(.low),
      high: reading(.high), levelBits: number(.levelBits), smoothing: number(.smoothing), expected: reading(.expected),
      deviation: reading(.deviation), threshold: reading(.threshold), pause: number(.pause))
    guard let (key, limit) = fault else { return }
    throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: limit)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(Self.schema, forKey: .schema)
    try values.encode(image, forKey: .image)
    try values.encode(decimals, forKey: .decimals)
    try values.encode(low, forKey: .low)
    try values.encode(high, forKey: .high)
    try values.encode(levelBits, forKey: .levelBits)
    try values.encode(smoothing, forKey: .smoothing)
    try values.encode(expected, forKey: .expected)
    try values.encode(deviation, forKey: .deviation)
    try values.encode(threshold, forKey: .threshold)
    try values.encode(pause, forKey: .pause)
  }
}

extension AnomalyDetectorFile {
  /// - Throws: `HintedError` for a file that is missing or damaged, and for a number outside its limits.
  public init(reading path: String) throws {
    self = try CanonicalJSON.decode(Self.self, from: AtomicFile.read(path), named: path)
  }

  /// The settings for the C detector.
  public var cHeader: String {
    """
    /* Written by `alambic anomaly train` for the image \(image); docs/formats/detector.md.
     * A value of the series times 10^\(decimals) is a reading. */
    #ifndef ANOMALY_SETTINGS_H
    #define ANOMALY_SETTINGS_H

    #include "atome_anomaly.h"

    static const atome_anomaly_settings anomaly_settings = {
        .low = \(low),
        .high = \(high),
        .level_bits = \(levelBits)u,
        .smoothing = \(smoothing)u,
        .expected = \(expected),
        .threshold = \(threshold),
        .pause = \(pause)u,
    };

    #endif

    """
  }
}
