import Basics
import Formats
import Foundation
import Kernels
import Networks
import Training

/// What a finished run left.
public struct TrainingResult: Sendable {
  /// Seconds between two saves unless told otherwise: often enough for a kill to cost little, seldom enough for saving
  /// to cost little.
  public static let saveInterval = 5.0

  public var checkpoint: ContentID
  public var byteCount: Int
  public var heldOutBitsPerByte: Double
  /// On the replies alone, where documents have them.
  public var heldOutReplyBitsPerByte: Double?
  public var history: [RunLog.Point]
  public var seconds: Double
  /// The step that it continued from; 0 for a run from the start.
  public var firstStep: Int
  /// The step that the checkpoint is of: the last one, or the best of a run with patience.
  public var checkpointStep: Int
}

/// One training run that survives being killed: progress is saved beside the output, and the same run continues from it
/// to the same bits.
public struct TrainingRun<Shape: TrainableShape>: Sendable {
  public var shape: Shape
  public var settings: TrainingSettings
  public var data: TrainingData
  /// Where the finished checkpoint goes; unfinished work waits in `<output>.partial`.
  public var output: String
  public var threadCount: Int
  /// Those that `settings.soft` names.
  public var labels: SoftLabels?
  /// Seconds between two saves; a kill costs at most this much work.
  public var saveInterval: Double
  /// The kernels, which decide the checkpoint's bits.
  public var instructionSet = InstructionSet.best

  public init(
    shape: Shape, settings: TrainingSettings, data: TrainingData, output: String, threadCount: Int? = nil,
    saveInterval: Double = TrainingResult.saveInterval
  ) {
    self.shape = shape
    self.settings = settings
    self.data = data
    self.output = output
    self.threadCount = threadCount ?? TrainingHost.defaultThreadCount
    self.saveInterval = saveInterval
  }

  /// Takes a share of the loss from what a teacher said about the run's data.
  public mutating func learn(from labels: SoftLabels, share: Float) {
    settings.soft = TrainingSettings.Soft(share: share, labels: labels.id)
    self.labels = labels
  }

  /// Whether the output is what this run would leave.
  public var isFinished: Bool {
    guard let checkpoint = try? TrainingCheckpoint<Shape>(readingFrom: output) else { return false }
    return checkpoint.shape == shape && checkpoint.settings == settings && checkpoint.dataID == data.id
      && (checkpoint.step == settings.stepCount || settings.patience != nil)
  }

  var partial: String { RunStatus.partialPath(of: output) }
  var bestPath: String { RunStatus.bestPath(of: output) }
  var logPath: String { RunStatus.logPath(of: output) }
  /// The picture of its curve.
  public var curvePath: String { "\(output).curve.svg" }

  /// Trains to the end.
  /// - Parameter progress: told of every step, from the training thread.
  /// - Throws: `HintedError` when the task is cancelled, after saving, and when training diverges.
  public func run(progress: @escaping @Sendable (StepMetrics) -> Void = { _ in }) async throws -> TrainingResult {
    try await cancelling { try train(progress: progress) }
  }

  /// Trains to a step before the last one, where it waits in `<output>.partial`; the same run goes on from there.
  /// - Returns: bits per byte of the held-out text after that step, by the schedule of the whole run; of a run with
  ///   patience the best that it has had, also where patience ended before.
  /// - Throws: as `run` does.
  public func run(
    upTo step: Int, progress: @escaping @Sendable (StepMetrics) -> Void = { _ in }
  ) async throws -> Double {
    try await cancelling { try train(upTo: step, progress) }
  }

  private func cancelling<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let task = Task.detached {
      try Stopping.waits(for: Self.awaited, body)
    }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  func train(progress: @Sendable (StepMetrics) -> Void) throws -> TrainingResult {
    let startedAt = Date()
    let lock = try RunLock(output: output)
    defer { withExtendedLifetime(lock) {} }
    let (trainer, twin) = try trainer(goingOnFromAtMost: settings.stepCount, progress)
    let firstStep = trainer.step
    var log = RunLog(path: logPath, settings: settings, keepingUpTo: firstStep)
    try log.write()
    try advance(trainer, &log, twin, upTo: settings.stepCount, progress)
    return try finish(trainer, &log, startedAt, firstStep)
  }

  private func train(upTo step: Int, _ progress: @Sendable (StepMetrics) -> Void) throws -> Double {
    let lock = try RunLock(output: output)
    defer { withExtendedLifetime(lock) {} }
    let (trainer, twin) = try trainer(goingOnFromAtMost: step, progress)
    var log = RunLog(path: logPath, settings: settings, keepingUpTo: trainer.step)
    try log.write()
    if trainer.step < step { try advance(trainer, &log, twin, upTo: step, progress) }
    let bits = try trainer.heldOutBitsPerByte()
    try save(trainer, &log)
    guard settings.patience != nil, let best = BestEvaluation(of: log.lines.points).point else { return bits }
    return min(bits, best.heldOutBitsPerByte)
  }

  private func trainer(
    goingOnFromAtMost step: Int, _ progress: @Sendable (StepMetrics) -> Void
  ) throws -> (Trainer<Shape>, twin: TrainingCheckpoint<Shape>?) {
    let twin = try trainedTwin(progress)
    if let trainer = try resumed(twin, atMost: step) { return (trainer, twin) }
    let trainer = try Trainer(
      shape: shape, settings: settings, data: data, twin: twin, labels: labels, threadCount: threadCount,
      instructionSet: instructionSet)
    return (trainer, twin)
  }

  /// Thrown where a run waits.
  private struct Waits: Error {}
  /// Thrown where patience ends.
  private struct StopsEarly: Error {}

  private func advance(
    _ trainer: Trainer<Shape>, _ log: inout RunLog, _ twin: TrainingCheckpoint<Shape>?, upTo lastStep: Int,
    _ progress: @Sendable (StepMetrics) -> Void
  ) throws {
    var savedAt = Date()
    var best = BestEvaluation(of: log.lines.points)
    // A run that was killed between its last step and its end.
    if best.endsRun(settings) { return }
    do {
      try trainer.run { metrics in
        log.record(metrics)
        // Before any save of this step, so that who goes on from it finds the best.
        if settings.patience != nil, metrics.heldOutBitsPerByte != nil, best.note(log.lines.points) {
          try trainer.checkpoint().write(to: bestPath)
        }
        var metrics = metrics
        metrics.twinStepCount = twin?.step ?? 0
        progress(metrics)
        if Date().timeIntervalSince(savedAt) > saveInterval {
          try save(trainer, &log)
          savedAt = Date()
        }
        if best.endsRun(settings) { throw StopsEarly() }
        if metrics.step == lastStep, lastStep < settings.stepCount { throw Waits() }
      }
    } catch is Waits {
      return
    } catch is StopsEarly {
      return
    } catch is CancellationError {
      try save(trainer, &log)
      throw HintedError(
        "stopped: \(trainer.step) of \(settings.stepCount) steps are done and saved",
        hint: "run the same command again to go on", status: .stopped)
    }
  }

  private func save(_ trainer: Trainer<Shape>, _ log: inout RunLog) throws {
    try log.write()
    try trainer.checkpoint().write(to: partial)
  }

  private func finish(
    _ trainer: Trainer<Shape>, _ log: inout RunLog, _ startedAt: Date, _ firstStep: Int
  ) throws -> TrainingResult {
    let checkpoint =
      settings.patience == nil ? trainer.checkpoint() : try TrainingCheckpoint<Shape>(readingFrom: bestPath)
    let bytes = try checkpoint.encoded()
    try AtomicFile.write(bytes, to: output)
    try log.finish()
    let title = "\(shape.presetName), recipe \(settings.recipe), seed \(settings.seed)"
    try AtomicFile.write(LossCurve(title: title, lines: log.lines).svg, to: curvePath)
    for path in [partial, bestPath, RunStatus.planPath(of: output)] {
      try? FileManager.default.removeItem(atPath: path)
    }
    let last = log.lines.points.last { $0.step == checkpoint.step }
    return TrainingResult(
      checkpoint: ContentID(of: bytes), byteCount: bytes.count,
      heldOutBitsPerByte: try last?.heldOutBitsPerByte ?? trainer.heldOutBitsPerByte(),
      heldOutReplyBitsPerByte: last?.heldOutReplyBitsPerByte,
      history: log.lines.points,
      seconds: Date().timeIntervalSince(startedAt), firstStep: firstStep,
      checkpointStep: checkpoint.step)
  }

  /// A trainer that goes on where an unfinished run of the same shape, settings and data stopped.
  ///
  /// A partial file of other work, or a damaged one, is no reason to stop: the run starts from the beginning and
  /// replaces it.
  /// What an earlier run of this very training saved.
  var unfinished: TrainingCheckpoint<Shape>? {
    guard FileManager.default.fileExists(atPath: partial),
      let checkpoint = try? TrainingCheckpoint<Shape>(readingFrom: partial),
      checkpoint.shape == shape, checkpoint.settings == settings, checkpoint.dataID == data.id, hasBest(of: checkpoint)
    else { return nil }
    return checkpoint
  }

  private func resumed(_ twin: TrainingCheckpoint<Shape>?, atMost step: Int) throws -> Trainer<Shape>? {
    guard let checkpoint = unfinished, checkpoint.step <= step else { return nil }
    return try Trainer(
      resuming: checkpoint, data: data, twin: twin, labels: labels, threadCount: threadCount,
      instructionSet: instructionSet)
  }
}
