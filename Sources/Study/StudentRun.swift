import Basics
import Formats
import Foundation
import Networks
import Training

/// What a trained student is worth in the form in which it would be flashed: an ATOME01 image, or a GPT's `Int8Form`.
public struct StudentResult: Sendable {
  /// The sum of the cross-entropies of each held-out window, in nats; students of the same data pair by index.
  public var windowNats: [Double]
  /// The same before rounding to bytes.
  public var trainedWindowNats: [Double]
  public var bitsPerByte: Double
  /// The same before rounding to bytes; equal for an atome model, which trains with its trits.
  public var trainedBitsPerByte: Double
  public var flashByteCount: Int
  /// Training's duration, evaluations included.
  public var seconds: Double
}

/// Trains one student in memory.
public struct StudentRun: Sendable {
  public var shape: StudentShape
  public var settings: TrainingSettings
  public var data: TrainingData
  public var threadCount: Int

  public init(shape: StudentShape, settings: TrainingSettings, data: TrainingData, threadCount: Int? = nil) {
    self.shape = shape
    self.settings = settings
    self.data = data
    self.threadCount = threadCount ?? TrainingHost.defaultThreadCount
  }

  /// Trains to the end, on the calling thread and the run's own.
  /// - Throws: `CancellationError` when the task is cancelled, `HintedError` when training diverges.
  public func run(progress: (StepMetrics) -> Void = { _ in }) throws -> StudentResult {
    try trained(shape.shape, progress)
  }

  private func trained<Shape: Student>(_ shape: Shape, _ progress: (StepMetrics) -> Void) throws -> StudentResult {
    let clock = ContinuousClock()
    let start = clock.now
    let trainer = try Trainer(shape: shape, settings: settings, data: data, threadCount: threadCount)
    try trainer.run(onStep: progress)
    let seconds = (clock.now - start) / Duration.seconds(1)
    let worth = try Shape.worth(of: trainer, on: data)
    return StudentResult(
      windowNats: worth.windowNats, trainedWindowNats: worth.trainedWindowNats,
      bitsPerByte: bitsPerByte(worth.windowNats),
      trainedBitsPerByte: bitsPerByte(worth.trainedWindowNats), flashByteCount: worth.flashByteCount, seconds: seconds)
  }

  private func bitsPerByte(_ nats: [Double]) -> Double {
    nats.reduce(0, +) / Double(nats.count * (data.windowTokenCount - 1)) / log(2)
  }
}
