import Basics
import Formats
import Foundation
import Training

/// The curve of a run: one JSON object a line. It holds no times, so that equal runs leave equal logs.
public struct RunLog: Sendable {
  /// What was known at an evaluation of the held-out text.
  public struct Point: Codable, Hashable, Sendable {
    public var step: Int
    /// Mean over the steps since the last point.
    public var trainBitsPerByte: Double
    public var heldOutBitsPerByte: Double
    /// On the replies alone, where documents have them.
    public var heldOutReplyBitsPerByte: Double?
    public var learningRate: Float
    public var gradientNorm: Double
  }

  /// A piece of the training curve, of which a run has about 200.
  public struct Piece: Codable, Hashable, Sendable {
    /// Its last step.
    public var curveStep: Int
    /// Mean over its steps.
    public var bitsPerByte: Double
  }

  /// Where an unfinished run stands, as far as a save: the last lines of its log.
  public struct Standing: Codable, Hashable, Sendable {
    public var savedStep: Int
    public var totalStepCount: Int
    /// Bytes of text that the last step learned from.
    public var stepByteCount: Int
    /// Of the last step; zero before the first.
    public var learningRate: Float = 0
    public var gradientNorm = 0.0
    var pointSum = Sum()
    var pieceSum = Sum()
  }

  struct Sum: Codable, Hashable, Sendable {
    var stepCount = 0
    var bitsPerByte = 0.0

    var mean: Double { bitsPerByte / Double(max(1, stepCount)) }

    mutating func add(_ bits: Double) {
      bitsPerByte += bits
      stepCount += 1
    }
  }

  public private(set) var lines: Lines
  private let path: String
  private let pieceStepCount: Int
  private var standing: Standing

  /// Opens a log, and forgets what a killed run noted after its last save.
  init(path: String, settings: TrainingSettings, keepingUpTo step: Int) {
    self.path = path
    pieceStepCount = max(1, settings.stepCount / 200)
    lines = step == 0 ? Lines() : ((try? Lines(readingFrom: path)) ?? Lines()).upTo(step)
    standing =
      lines.standings.last { $0.savedStep == step }
      ?? Standing(
        savedStep: step, totalStepCount: settings.stepCount,
        stepByteCount: settings.batchCount * settings.windowTokenCount)
  }

  /// Reads a run's points.
  public static func read(_ path: String) throws -> [Point] { try Lines(readingFrom: path).points }

  mutating func record(_ metrics: StepMetrics) {
    standing.savedStep = metrics.step
    standing.stepByteCount = metrics.byteCount
    standing.learningRate = metrics.learningRate
    standing.gradientNorm = metrics.gradientNorm
    standing.pointSum.add(metrics.bitsPerByte)
    standing.pieceSum.add(metrics.bitsPerByte)
    if metrics.step.isMultiple(of: pieceStepCount) || metrics.step == metrics.stepCount {
      lines.pieces.append(Piece(curveStep: metrics.step, bitsPerByte: standing.pieceSum.mean))
      standing.pieceSum = Sum()
    }
    guard let heldOut = metrics.heldOutBitsPerByte else { return }
    lines.points.append(
      Point(
        step: metrics.step, trainBitsPerByte: standing.pointSum.mean, heldOutBitsPerByte: heldOut,
        heldOutReplyBitsPerByte: metrics.heldOutReplyBitsPerByte, learningRate: metrics.learningRate,
        gradientNorm: metrics.gradientNorm))
    standing.pointSum = Sum()
  }

  /// Writes what is known; call it before saving the checkpoint of the same step.
  mutating func write() throws {
    // A kill between log and checkpoint makes the run go on from the save before: where that stood is kept too.
    lines.standings = lines.standings.suffix(1) + [standing]
    try AtomicFile.write(try lines.text(), to: path)
  }

  /// Writes the curve of a run that has done its last step.
  mutating func finish() throws {
    lines.standings = []
    try AtomicFile.write(try lines.text(), to: path)
  }
}

// MARK: - The file

extension RunLog {
  /// A log's lines, by kind.
  public struct Lines: Hashable, Sendable {
    public var points: [Point] = []
    public var pieces: [Piece] = []
    /// Empty once the run is finished.
    public var standings: [Standing] = []

    public init() {}

    /// - Throws: `HintedError` for a missing file, or a line that is none of the three kinds.
    public init(readingFrom path: String) throws {
      for line in try AtomicFile.read(path).split(separator: UInt8(ascii: "\n")) {
        guard take(line) else {
          throw HintedError(
            "\(path): not a line of a run's log: \(String(decoding: line.prefix(60), as: UTF8.self))")
        }
      }
    }

    /// Takes a line by the kind that it names; one of an earlier version names none, and is what it can be read as.
    private mutating func take(_ line: ArraySlice<UInt8>) -> Bool {
      guard let named = try? CanonicalJSON.decode(NamedKind.self, from: line) else { return false }
      func read<Value: Decodable>(_ kind: Kind, _ type: Value.Type) -> Value? {
        named.kind == nil || named.kind == kind.rawValue ? try? CanonicalJSON.decode(type, from: line) : nil
      }
      if let piece = read(.curve, Piece.self) {
        pieces.append(piece)
      } else if let standing = read(.saved, Standing.self) {
        standings.append(standing)
      } else if let point = read(.evaluation, Point.self) {
        points.append(point)
      } else {
        return false
      }
      return true
    }

    /// What a line is.
    private enum Kind: String, Encodable {
      case evaluation, curve, saved
    }

    private struct NamedKind: Decodable {
      var kind: String?
    }

    /// A line's own fields, and its kind among them.
    private struct Line<Value: Encodable>: Encodable {
      var kind: Kind
      var value: Value

      private enum CodingKeys: CodingKey { case kind }

      func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
      }
    }

    func upTo(_ step: Int) -> Lines {
      var kept = self
      kept.points.removeAll { $0.step > step }
      kept.pieces.removeAll { $0.curveStep > step }
      kept.standings.removeAll { $0.savedStep > step }
      return kept
    }

    func text() throws -> String {
      let texts =
        try points.map { try CanonicalJSON.text(Line(kind: .evaluation, value: $0)) }
        + pieces.map { try CanonicalJSON.text(Line(kind: .curve, value: $0)) }
        + standings.map { try CanonicalJSON.text(Line(kind: .saved, value: $0)) }
      return texts.map { $0 + "\n" }.joined()
    }
  }
}
