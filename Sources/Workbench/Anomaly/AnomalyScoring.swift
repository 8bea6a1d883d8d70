import Basics
import Conversation
import Engine
import Formats
import Foundation
import Lineage
import Model
import Networks

/// A detector over a series.
public struct AnomalyScoring: Sendable {
  public struct Row: Codable, Sendable {
    public var time: String
    /// Nil where it is missing, and where JSON has no such number.
    public var value: Double?
    /// As the student reads it.
    public var byte: String
    /// -log2 of the byte's probability.
    public var bits: Double
    /// The smoothed bits, in standard deviations from their mean on held-out normal readings.
    public var deviations: Double
    public var isAnomalous: Bool
    public var raisesAlarm: Bool
  }

  private let image: LoadedImage
  private let compact: CompactImageContents
  public let file: AnomalyDetectorFile
  public var engine = HostEngine.c

  /// - Throws: `HintedError` for an image that is another's, or no compact student's.
  public init(_ image: LoadedImage, _ file: AnomalyDetectorFile, engine: HostEngine = .c) throws {
    guard case .compact(let compact) = image.contents, compact.vocabulary.isIdentity else {
      throw HintedError(
        "\(image.path) is not a compact student of bytes, as a detector's are",
        hint: "make one: alambic anomaly train SERIES.csv --out pump.atome")
    }
    guard image.id == file.image else {
      throw HintedError(
        "the detector is for the image \(file.image.short), and \(image.path) is \(image.id.short)",
        hint: "keep the files that one training wrote together")
    }
    (self.image, self.compact, self.file, self.engine) = (image, compact, file, engine)
  }

  /// One that has read nothing.
  func detector() throws -> AnomalyDetector {
    AnomalyDetector(
      file, rate: compact.model.logitRate, engine: try image.engine(engine, context: image.defaultContext))
  }

  /// - Throws: `HintedError` only for a fault of this program.
  public func rows(of series: SeriesFile) throws -> [Row] {
    var detector = try detector()
    let quantiser = SeriesQuantiser(file)
    return try series.rows.map { row in
      let answer = try detector.step(quantiser.reading(of: row.value))
      return Row(
        time: row.time, value: row.value.flatMap { $0.isFinite ? $0 : nil },
        byte: String(UnicodeScalar(answer.byte)), bits: Double(answer.surprise) / 2048,
        deviations: deviations(answer.score), isAnomalous: answer.score >= file.threshold,
        raisesAlarm: answer.raisesAlarm)
    }
  }

  /// What a board gets: 32-bit little-endian integers, the least of which stands for a missing one.
  public func readings(of series: SeriesFile) -> [UInt8] {
    let quantiser = SeriesQuantiser(file)
    return series.values.flatMap { value in
      withUnsafeBytes(of: (quantiser.reading(of: value) ?? Int32.min).littleEndian, Array.init)
    }
  }

  /// The same score in standard deviations.
  func deviations(_ score: Int32) -> Double {
    (Double(score) - Double(file.expected)) / Double(file.deviation)
  }

  /// The score from which on readings are anomalous, in standard deviations.
  public var threshold: Double { deviations(file.threshold) }

  /// The engine's work memory and the detector's own, on a 32-bit core.
  public static func memoryByteCount(of image: [UInt8]) throws -> Int {
    let image = try LoadedImage(image, path: "the student")
    let engine = try image.engine(.c, context: image.defaultContext)
    return ((engine as? CCompactEngine)?.memoryByteCount ?? 0) + AnomalyDetector.memoryByteCount
  }
}
