import Basics
import Formats
import Kernels
import Model

/// The trained twin of a run, which predicts the batch's windows beside the student: see `TrainingSettings.twin`.
final class TwinTeacher<Shape: TrainableShape>: @unchecked Sendable {
  // Sendable by agreement: a graph is its thread's; the weights do not change.

  private let share: Float
  private let weights: Shape.Weights
  private let graphs: [Shape.Graph]

  /// - Throws: `HintedError` where the checkpoint is no finished twin of the run.
  init(
    _ checkpoint: TrainingCheckpoint<Shape>, of shape: Shape, _ settings: TrainingSettings, _ data: TrainingData,
    kernels: TunedKernels, layout: Shape.Layout, threadCount: Int
  ) throws {
    guard let share = settings.twinShare, let own = settings.twin, checkpoint.shape == shape,
      checkpoint.settings == own, checkpoint.dataID == data.id, checkpoint.step == own.stepCount
    else {
      throw HintedError(
        "the checkpoint is not the finished twin of this run",
        hint: "a twin has the run's shape and data, and its settings with float weights", status: .usage)
    }
    self.share = share
    weights = Shape.Weights(kernels: kernels, layout: layout)
    graphs = (0..<threadCount).map { _ in
      Shape.Graph(
        kernels: kernels, layout: layout, windowTokenCount: settings.windowTokenCount, ablation: own.ablation)
    }
    let parameters = Arena<Float>(capacity: layout.count)
    parameters.whole.fill(from: checkpoint.parameters)
    let rounding = own.rounding(afterSteps: own.stepCount).quiet
    for piece in 0..<weights.pieceCount { weights.refresh(piece: piece, from: parameters.whole, rounding: rounding) }
  }

  /// What the student's gradient at the logits lacks: see `NetworkGraph.teaching`.
  func teaching(_ window: TokenWindow, scale: LossScale<Float>, thread: Int) -> MatrixView<Float> {
    graphs[thread].teaching(window, weights, scale: scale, share: share)
  }
}
