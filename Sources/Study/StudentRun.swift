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

  /// What this build's kernels make of the student: the parameters after its first steps, hashed. It changes with any
  /// kernel, graph or optimiser that rounds otherwise, without anyone's counting versions.
  package func fingerprint() throws -> ContentID {
    var own = settings
    own.seed = 0
    // A run that learns from its twin begins with the twin's own steps.
    own = shape.settings(own)
    return try fingerprint(of: shape.shape, own.twin ?? own)
  }

  private static let fingerprintStepCount = 3

  private func fingerprint(of shape: some Student, _ settings: TrainingSettings) throws -> ContentID {
    let trainer = try Trainer(shape: shape, settings: settings, data: data, threadCount: 1)
    do {
      for _ in 0..<min(Self.fingerprintStepCount, settings.stepCount) { _ = try trainer.advance() }
    } catch let error as HintedError where error.status == .answerIsNo {
      return ContentID(of: "diverged at step \(trainer.step)")
    }
    return ContentID(of: try trainer.checkpoint().encoded())
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
