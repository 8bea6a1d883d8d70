import Basics
import Foundation

/// Looks at a run's files again and again, and so knows how fast it goes.
public struct RunFollower {
  /// A save that was seen.
  private struct Sight {
    var step: Int
    var savedAt: Date
  }

  private var first: Sight?
  private var last: Sight?

  public init() {}

  /// Notes where the run stands.
  public mutating func observe(_ status: RunStatus) {
    guard status.standing != nil else { return }
    let sight = Sight(step: status.step, savedAt: status.modifiedAt)
    // A run that went back to an earlier step was started again.
    if let last, sight.step < last.step { first = nil }
    if first == nil { first = sight }
    if last?.step != sight.step { last = sight }
  }

  /// Steps a second between the first save that was seen and the last.
  private var stepsPerSecond: Double? {
    guard let first, let last, last.step > first.step else { return nil }
    let seconds = last.savedAt.timeIntervalSince(first.savedAt)
    return seconds > 0 ? Double(last.step - first.step) / seconds : nil
  }

  /// One line on the run: how far, how long still, how good, how fast.
  public func line(_ status: RunStatus) -> String {
    guard let standing = status.standing else { return "\(status.name)  waiting for its first save" }
    let total = standing.totalStepCount
    var parts = ["\(status.name)  \(ReadableUnits.count(status.step)) of \(ReadableUnits.count(total)) steps"]
    if let rate = stepsPerSecond, status.step < total {
      parts.append("\(ReadableUnits.duration(seconds: Double(total - status.step) / rate)) left")
    }
    let mean = standing.pointSum.stepCount > 0 ? "\(standing.pointSum.mean.rounded(toPlaces: 2)) " : ""
    parts.append(
      mean
        + TrainingProgress.note(
          heldOut: status.bitsPerByte, bytesPerSecond: stepsPerSecond.map { $0 * Double(standing.stepByteCount) },
          learningRate: standing.learningRate, gradientNorm: standing.gradientNorm))
    return parts.joined(separator: " · ")
  }
}
