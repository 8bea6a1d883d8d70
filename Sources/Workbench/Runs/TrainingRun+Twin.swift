import Basics
import Formats
import Training

extension TrainingRun {
  /// The run of the twin that this run learns from: beside it, and kept for another run that learns from the same.
  var twin: TrainingRun<Shape>? {
    settings.twin.map {
      var twin = TrainingRun(
        shape: shape, settings: $0, data: data, output: "\(output).twin", threadCount: threadCount,
        saveInterval: saveInterval)
      twin.instructionSet = instructionSet
      return twin
    }
  }

  /// The twin's finished checkpoint: that of an earlier run, or trained now; nil for a run without a twin.
  func trainedTwin(_ progress: @Sendable (StepMetrics) -> Void) throws -> TrainingCheckpoint<Shape>? {
    guard let twin else { return nil }
    if !twin.isFinished {
      _ = try twin.train { metrics in
        var metrics = metrics
        (metrics.isOfTwin, metrics.twinStepCount) = (true, metrics.stepCount)
        progress(metrics)
      }
    }
    return try TrainingCheckpoint<Shape>(readingFrom: twin.output)
  }
}

extension TimeBudget {
  /// What a step and an evaluation of the run take, and of its twin where it has one: both have as many.
  func speed<Shape: TrainableShape>(of run: TrainingRun<Shape>) throws -> TrainingSpeed {
    var longest = run
    longest.settings.stepCount = TrainingSettings.stepCounts.upperBound
    guard let twin = longest.twin else { return try speed(of: longest, twin: nil, share: 1) }
    var untrained = try Trainer(
      shape: twin.shape, settings: twin.settings, data: twin.data, threadCount: 1
    ).checkpoint()
    untrained.step = twin.settings.stepCount
    let (first, second) = (
      try speed(of: twin, twin: nil, share: 0.5), try speed(of: longest, twin: untrained, share: 0.5)
    )
    return TrainingSpeed(
      secondsPerStep: first.secondsPerStep + second.secondsPerStep,
      secondsPerEvaluation: first.secondsPerEvaluation + second.secondsPerEvaluation)
  }

  /// - Parameter share: of the time for measuring.
  private func speed<Shape: TrainableShape>(
    of run: TrainingRun<Shape>, twin: TrainingCheckpoint<Shape>?, share: Double
  ) throws -> TrainingSpeed {
    let trainer = try Trainer(
      shape: run.shape, settings: run.settings, data: run.data, twin: twin, labels: run.labels,
      threadCount: run.threadCount)
    return try trainer.measuredSpeed(limit: share * measuringSeconds, now: now)
  }
}
