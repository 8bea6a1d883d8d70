import Basics
import Foundation

/// One stage's progress as one line: what, how far, how fast, how long still, and a note.
public struct ProgressText: Sendable {
  /// The verb, padded so that the lines of a run form a column.
  public var stage: String
  public var doneCount: Int
  /// nil when the end is not known.
  public var totalCount: Int?
  /// What is counted, in the plural: `requests`, `steps`.
  public var unit: String
  public var elapsedSeconds: Double
  /// What matters in this stage: bits per byte, cost so far.
  public var note: String?

  public init(
    stage: String, doneCount: Int, totalCount: Int?, unit: String, elapsedSeconds: Double, note: String? = nil
  ) {
    self.stage = stage
    self.doneCount = doneCount
    self.totalCount = totalCount
    self.unit = unit
    self.elapsedSeconds = elapsedSeconds
    self.note = note
  }

  public func line(on terminal: Terminal) -> String {
    var parts = [Style.strong(stage.padding(toLength: 9, withPad: " ", startingAt: 0), on: terminal) + amount]
    if let rate { parts.append(rate) }
    if let remaining { parts.append("\(ReadableUnits.duration(seconds: remaining)) left") }
    if let note { parts.append(note) }
    return parts.joined(separator: " · ")
  }

  private var amount: String {
    guard let totalCount else { return "\(ReadableUnits.count(doneCount)) \(unit)" }
    return "\(ReadableUnits.count(doneCount)) of \(ReadableUnits.count(totalCount)) \(unit)"
  }

  private var ratePerSecond: Double? {
    guard elapsedSeconds > 0.2, doneCount > 0 else { return nil }
    return Double(doneCount) / elapsedSeconds
  }

  private var rate: String? {
    ratePerSecond.map { value in
      value >= 10 ? "\(ReadableUnits.count(Int(value.rounded())))/s" : String(format: "%.1f/s", value)
    }
  }

  private var remaining: Double? {
    guard let totalCount, let ratePerSecond, doneCount < totalCount else { return nil }
    return Double(totalCount - doneCount) / ratePerSecond
  }
}
