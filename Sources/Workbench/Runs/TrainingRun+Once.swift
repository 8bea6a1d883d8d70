import Basics
import Formats
import Lineage
import Training

extension TrainingRun {
  /// What lies where the student will, if that is another training; nil where there is none, or this one goes on.
  public var replaced: String? {
    guard !isFinished, unfinished == nil, let found = RunStatus(output: output, name: output), let model = found.model
    else {
      return nil
    }
    let steps = [found.step, found.stepCount ?? found.step].map { ReadableUnits.count($0) }
    return "\(output) holds another training (\(model), \(steps[0]) of \(steps[1]) steps), which this one replaces"
  }

  /// What a stop waits for while a run trains: a step is not cut, and what all steps since the last save did is saved.
  static var awaited: String { "the training step under way, and its checkpoint" }

  /// The checkpoint of a student that is a part of longer work. It is trained once: what an earlier call finished is
  /// read, and what one began goes on.
  /// - Throws: `HintedError` of status `.stopped` when the task is cancelled, after saving.
  func once(
    progress: @Sendable (StepMetrics) -> Void = { _ in }
  ) throws -> (checkpoint: TrainingCheckpoint<Shape>, id: ContentID) {
    if !isFinished { _ = try Stopping.waits(for: Self.awaited) { try train(progress: progress) } }
    let bytes = try AtomicFile.read(output)
    return (try TrainingCheckpoint(decoding: bytes, name: output), ContentID(of: bytes))
  }
}
