import Basics
import Formats
import Kernels
import Model

extension Trainer {
  /// The run as it stands between two steps.
  public func checkpoint() -> TrainingCheckpoint<Shape> {
    TrainingCheckpoint(
      shape: shape, settings: settings, vocabulary: data.vocabulary, dataID: data.id, step: step,
      generator: source.generator,
      parameters: state.parameters.array, firstMoment: state.firstMoment.array,
      secondMoment: state.secondMoment.array)
  }

  /// Goes on where `checkpoint` stopped, to the same bits as a run that never did.
  /// - Parameter twin: the finished run of its settings' `twin`, where there is one.
  /// - Throws: `HintedError` when `data` is not what the checkpoint was trained on.
  public convenience init(
    resuming checkpoint: TrainingCheckpoint<Shape>, data: TrainingData, twin: TrainingCheckpoint<Shape>? = nil,
    labels: SoftLabels? = nil, threadCount: Int = TrainingHost.defaultThreadCount,
    instructionSet: InstructionSet = .best
  ) throws {
    guard checkpoint.dataID == data.id else {
      throw HintedError(
        "the checkpoint was trained on \(checkpoint.dataID.short), the data is \(data.id.short)",
        hint: "resume with the data of the first run, or start a new run")
    }
    try self.init(
      shape: checkpoint.shape, settings: checkpoint.settings, data: data, twin: twin,
      labels: labels, threadCount: threadCount, instructionSet: instructionSet)
    step = checkpoint.step
    source.generator = checkpoint.generator
    state.parameters.fill(from: checkpoint.parameters)
    state.firstMoment.fill(from: checkpoint.firstMoment)
    state.secondMoment.fill(from: checkpoint.secondMoment)
    refreshWeights()
  }
}
