import Basics
import Foundation
import Training

/// The curve of a run: one JSON object a line, a point for each evaluation of the held-out text. It holds no times, so
/// that equal runs leave equal logs.
public struct RunLog: Sendable {
  /// What was known at an evaluation.
  public struct Point: Codable, Hashable, Sendable {
    public var step: Int
    /// Mean over the steps since the last point.
    public var trainBitsPerByte: Double
    public var heldOutBitsPerByte: Double
    public var learningRate: Float
    public var gradientNorm: Double
  }

  public private(set) var points: [Point]
  private let path: String
  private var sum = 0.0
  private var count = 0

  /// Opens a log, and forgets what a killed run noted after its last save.
  init(path: String, keepingUpTo step: Int) throws {
    self.path = path
    points = step == 0 ? [] : ((try? Self.read(path)) ?? []).filter { $0.step <= step }
  }

  /// Reads a run's points.
  public static func read(_ path: String) throws -> [Point] {
    let lines = try AtomicFile.read(path).split(separator: UInt8(ascii: "\n"))
    return try lines.map { try CanonicalJSON.decode(Point.self, from: $0) }
  }

  mutating func record(_ metrics: StepMetrics) throws {
    sum += metrics.bitsPerByte
    count += 1
    guard let heldOut = metrics.heldOutBitsPerByte else { return }
    points.append(
      Point(
        step: metrics.step, trainBitsPerByte: sum / Double(count), heldOutBitsPerByte: heldOut,
        learningRate: metrics.learningRate, gradientNorm: metrics.gradientNorm))
    sum = 0
    count = 0
  }

  func write() throws {
    let text = try points.map { try CanonicalJSON.text($0) + "\n" }.joined()
    try AtomicFile.write(text, to: path)
  }
}
