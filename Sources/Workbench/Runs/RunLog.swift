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

  /// What was summed up since the last point, as far as a save: the last lines of an unfinished run's log.
  private struct Sum: Codable {
    var savedStep: Int
    var stepCount: Int
    var bitsPerByte: Double
  }

  public private(set) var points: [Point]
  private let path: String
  private var sum: Sum
  /// As they were at the last saves.
  private var savedSums: [Sum]

  /// Opens a log, and forgets what a killed run noted after its last save.
  init(path: String, keepingUpTo step: Int) throws {
    self.path = path
    let old = step == 0 ? ([], []) : ((try? Self.readLines(path)) ?? ([], []))
    points = old.0.filter { $0.step <= step }
    savedSums = old.1.filter { $0.savedStep <= step }
    sum = savedSums.last { $0.savedStep == step } ?? Sum(savedStep: step, stepCount: 0, bitsPerByte: 0)
  }

  /// Reads a run's points.
  public static func read(_ path: String) throws -> [Point] { try readLines(path).0 }

  private static func readLines(_ path: String) throws -> ([Point], [Sum]) {
    let lines = try AtomicFile.read(path).split(separator: UInt8(ascii: "\n"))
    let sums = lines.compactMap { try? CanonicalJSON.decode(Sum.self, from: $0) }
    return (try lines.dropLast(sums.count).map { try CanonicalJSON.decode(Point.self, from: $0) }, sums)
  }

  mutating func record(_ metrics: StepMetrics) throws {
    sum.bitsPerByte += metrics.bitsPerByte
    sum.stepCount += 1
    sum.savedStep = metrics.step
    guard let heldOut = metrics.heldOutBitsPerByte else { return }
    points.append(
      Point(
        step: metrics.step, trainBitsPerByte: sum.bitsPerByte / Double(sum.stepCount), heldOutBitsPerByte: heldOut,
        learningRate: metrics.learningRate, gradientNorm: metrics.gradientNorm))
    sum.bitsPerByte = 0
    sum.stepCount = 0
  }

  /// Writes what is known; call it before saving the checkpoint of the same step.
  mutating func write() throws {
    // A kill between log and checkpoint makes the run go on from the save before: its sum is kept too.
    savedSums = savedSums.suffix(1) + [sum]
    try write(lines: try points.map { try CanonicalJSON.text($0) } + savedSums.map { try CanonicalJSON.text($0) })
  }

  /// Writes the points of a run that has done its last step.
  func finish() throws { try write(lines: try points.map { try CanonicalJSON.text($0) }) }

  private func write(lines: [String]) throws {
    try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: path)
  }
}
