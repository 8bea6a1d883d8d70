import Basics
import Synchronization
import Training

/// Training steps as progress lines; it remembers the last evaluation, which few steps have.
public final class TrainingProgress: Sendable {
  private let sink: ProgressSink
  private let heldOut = Mutex<Double?>(nil)

  public init(_ sink: ProgressSink) { self.sink = sink }

  public func callAsFunction(_ metrics: StepMetrics) {
    let heldOut = heldOut.withLock { last in
      last = metrics.heldOutBitsPerByte ?? last
      return last
    }
    let note = Self.note(
      heldOut: heldOut, bytesPerSecond: metrics.bytesPerSecond, learningRate: metrics.learningRate,
      gradientNorm: metrics.gradientNorm)
    let phase = metrics.twinStepCount == 0 ? "" : metrics.isOfTwin ? "twin: " : "student: "
    sink(
      metrics.step + (metrics.isOfTwin ? 0 : metrics.twinStepCount), of: metrics.stepCount + metrics.twinStepCount,
      "steps", note: "\(phase)\(metrics.bitsPerByte.rounded(toPlaces: 2)) \(note)")
  }

  /// What matters first, since a narrow terminal shows only the beginning.
  static func note(heldOut: Double?, bytesPerSecond: Double?, learningRate: Float, gradientNorm: Double) -> String {
    let parts = [
      "bits per byte" + (heldOut.map { ", held out \($0.rounded(toPlaces: 3))" } ?? ""),
      bytesPerSecond.map { "\(ReadableUnits.bytes(Int($0)))/s" },
      "rate \(Double(learningRate).rounded(toPlaces: 5))",
      "gradient \(gradientNorm.rounded(toPlaces: 2))",
    ]
    return parts.compactMap(\.self).joined(separator: " · ")
  }
}
