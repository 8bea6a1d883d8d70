import Basics
import Formats
import Foundation
import Networks
import Training

/// What a trained student is worth in the form in which it would be flashed: an ATOME01 image, or a GPT's integer
/// image.
public struct StudentResult: Sendable {
  public var worth: StudentWorth
  /// As a file would hold it.
  public var checkpoint: [UInt8]
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
    let settings = self.shape.settings(settings)
    let twin = try settings.twin.map { own in
      let trainer = try Trainer(shape: shape, settings: own, data: data, threadCount: threadCount)
      try trainer.run(onStep: progress)
      return trainer.checkpoint()
    }
    let trainer = try Trainer(shape: shape, settings: settings, data: data, twin: twin, threadCount: threadCount)
    try trainer.run(onStep: progress)
    let seconds = (clock.now - start) / Duration.seconds(1)
    return StudentResult(
      worth: try Shape.worth(of: trainer), checkpoint: try trainer.checkpoint().encoded(), seconds: seconds)
  }
}
