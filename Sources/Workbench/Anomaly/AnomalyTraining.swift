import Basics
import Conversation
import Export
import Formats
import Foundation
import Lineage
import Model
import Networks
import Training

/// A student of a series' normal part, and the numbers of its detector: docs/guides/anomalies.md.
public struct AnomalyTraining: Sendable {
  public struct Settings: Hashable, Codable, Sendable {
    /// Readings from the first on that are known to be normal; nil for 15 %, at most 750, as in the Numenta benchmark.
    public var normalCount: Int?
    public var stepCount = 600
    public var seed: UInt64 = 0
    /// The threshold is so many standard deviations of the score above its mean, both on held-out normal readings.
    public var deviations = 8.0
    /// Readings without another alarm behind an anomalous one.
    public var pause = 50
    public var smoothing = 3

    /// The first part of the normal readings is trained on, the rest held out.
    static let trainedShare = 0.75
    static let levelBits = 4
    /// How far the levels reach beyond what was seen, in its range.
    static let margin = 0.5
    /// Training reads so many copies of the normal part, each moved by one random amount, each reading by another; in
    /// standard deviations. A byte says nothing of its neighbours: these tell the student which ones are near.
    static let copyCount = 160
    static let copyDeviation = 0.3
    static let readingDeviation = 0.4
    static let shape = CompactShape(
      modelWidth: 16, layerCount: 1, stateWidth: 32, gateCount: 8, hiddenWidth: 32)
    static let windowTokenCount = 64
    /// Fewer leave too few held out.
    public static let leastNormalCount = 64

    public init() {}
  }

  /// What training leaves.
  public struct Outcome: Sendable {
    public var image: [UInt8]
    public var detector: AnomalyDetectorFile
    public var normalCount: Int
    public var heldOutCount: Int
    /// Of the student in integers, on held-out readings.
    public var heldOutBitsPerReading: Double
  }

  public var settings: Settings

  public init(_ settings: Settings = Settings()) { self.settings = settings }

  /// - Parameters:
  ///   - values: the series; only its normal part is read.
  ///   - name: for messages.
  /// - Throws: `HintedError` for a normal part that is too short, constant or too large for 32 bits.
  public func run(_ values: [Double?], name: String) throws -> Outcome {
    try check()
    let normal = try normalPart(of: values, name)
    let decimals = try Self.decimals(of: normal.compactMap(\.self), name)
    let readings = normal.map { SeriesQuantiser.reading(of: $0, decimals: decimals) }
    let trainedCount = Int(Double(readings.count) * Settings.trainedShare)
    let trained = Array(readings[..<trainedCount])
    let quantiser = try Self.quantiser(of: trained, decimals, name)
    let heldOut = readings[trainedCount...].map(quantiser.byte(of:))
    let image = try Self.image(
      train: copies(of: trained, by: quantiser), heldOut: heldOut, settings: settings)
    var outcome = Outcome(
      image: image,
      detector: AnomalyDetectorFile(
        image: ContentID(of: image), decimals: decimals, low: quantiser.low, high: quantiser.high,
        levelBits: quantiser.levelBits, smoothing: settings.smoothing, expected: 0, deviation: 1, threshold: .max,
        pause: settings.pause),
      normalCount: readings.count, heldOutCount: heldOut.count, heldOutBitsPerReading: 0)
    try calibrate(&outcome, on: readings, from: trainedCount)
    return outcome
  }

  private func check() throws {
    let limits: [(name: String, value: Double, limit: ClosedRange<Double>)] = [
      ("--steps", Double(settings.stepCount), 1...1_000_000), ("--deviations", settings.deviations, 0.1...1000),
      ("--pause", Double(settings.pause), 0...1_000_000),
      ("--smoothing", Double(settings.smoothing), 0...Double(AnomalyDetectorFile.smoothingLimit)),
    ]
    for (name, value, limit) in limits where !limit.contains(value) {
      throw HintedError(
        "\(name) is \(value.formatted()), outside \(limit.lowerBound.formatted())…\(limit.upperBound.formatted())",
        status: .usage)
    }
  }

  private func normalPart(of values: [Double?], _ name: String) throws -> ArraySlice<Double?> {
    let count = settings.normalCount ?? min(values.count * 15 / 100, 750)
    let least = Settings.leastNormalCount
    guard count <= values.count, values.prefix(max(0, count)).count(where: { $0 != nil }) >= least else {
      throw HintedError(
        count > values.count
          ? "\(name) has \(values.count) readings, fewer than --normal \(count)"
          : "the normal part of \(name) has fewer than \(least) readings that are not missing",
        hint: "--normal COUNT says how many of the first readings are normal; \(least) are the least")
    }
    return values.prefix(count)
  }

  /// As few as say every value, and no more than 32 bits hold with room for eight times the values.
  static func decimals(of values: [Double], _ name: String) throws -> Int {
    let largest = values.map(abs).max() ?? 0
    let fitting = (0...AnomalyDetectorFile.decimalsLimit).prefix { largest * SeriesQuantiser.scale($0) < 268_435_456 }
    guard let most = fitting.last else {
      throw HintedError(
        "\(name) has a value of \(largest) in its normal part; 268,435,455 is the largest",
        hint: "write the series in a larger unit")
    }
    func says(_ decimals: Int) -> Bool {
      let scale = SeriesQuantiser.scale(decimals)
      return values.allSatisfy { abs(($0 * scale).rounded() / scale - $0) <= abs($0) * 1e-15 }
    }
    return fitting.first(where: says) ?? most
  }

  private static func quantiser(of readings: [Int32?], _ decimals: Int, _ name: String) throws -> SeriesQuantiser {
    let known = readings.compactMap(\.self)
    guard let least = known.min(), let largest = known.max(), least < largest else {
      throw HintedError(
        "the normal part of \(name) is constant, so nothing says how far a reading may move",
        hint: "a limit does for it: any other value is an anomaly")
    }
    let margin = (Double(largest) - Double(least)) * Settings.margin
    return SeriesQuantiser(
      decimals: decimals, low: Int32((Double(least) - margin).rounded()),
      high: Int32((Double(largest) + margin).rounded(.up)), levelBits: Settings.levelBits)
  }

  private func copies(of readings: [Int32?], by quantiser: SeriesQuantiser) -> [UInt8] {
    let known = readings.compactMap { $0.map(Double.init) }
    let mean = known.reduce(0, +) / Double(known.count)
    let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
    var generator = SeededGenerator(seed: settings.seed).stream(0xA0)
    // Twelve uniform numbers are as good as normal, and the same on every machine.
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.unit() } }
    return (0..<Settings.copyCount).flatMap { _ in
      let copy = normal() * Settings.copyDeviation * deviation
      return readings.map { reading in
        guard let reading else { return SeriesQuantiser.missingByte }
        let moved = Double(reading) + copy + normal() * Settings.readingDeviation * deviation
        return quantiser.byte(of: Int32(max(-2_147_483_647, min(2_147_483_647, moved.rounded()))))
      }
    }
  }

  private static func image(train: [UInt8], heldOut: [UInt8], settings own: Settings) throws -> [UInt8] {
    var settings = TrainingSettings.compact
    settings.stepCount = own.stepCount
    settings.warmUpStepCount = min(settings.warmUpStepCount, own.stepCount)
    settings.windowTokenCount = min(Settings.windowTokenCount, heldOut.count)
    settings.seed = own.seed
    settings.evaluationInterval = own.stepCount
    let data = try TrainingData(
      trainBytes: train, heldOutBytes: heldOut, window: settings.windowTokenCount, vocabulary: Vocabulary.bytes)
    let trainer = try Trainer(shape: Settings.shape, settings: settings, data: data)
    try trainer.run { _ in }
    let checkpoint = trainer.checkpoint()
    return try CompactPacker().pack(
      checkpoint, checkpointID: ContentID(of: try checkpoint.encoded()),
      calibratedOn: CompactCalibration.windows(of: heldOut, length: settings.windowTokenCount))
  }

  /// Sets what is expected, and the threshold, by the held-out readings.
  private func calibrate(_ outcome: inout Outcome, on readings: [Int32?], from first: Int) throws {
    let image = try LoadedImage(outcome.image, path: "the student")
    var meter = try AnomalyScoring(image, outcome.detector).detector()
    let answers = try readings.map { try meter.step($0) }[first...]
    let scores = answers.map { Double($0.score) }
    let mean = scores.reduce(0, +) / Double(scores.count)
    let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count)
    let deviation = max(1, variance.squareRoot())
    let limit = Double(AnomalyDetectorFile.surpriseLimit << 8)
    outcome.detector.expected = Int32(mean.rounded())
    outcome.detector.deviation = Int32(deviation.rounded())
    outcome.detector.threshold = Int32(min(limit, mean + settings.deviations * deviation).rounded())
    outcome.heldOutBitsPerReading = answers.reduce(0) { $0 + Double($1.surprise) } / Double(answers.count) / 2048
  }
}
