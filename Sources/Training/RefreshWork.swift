import Formats
import Kernels
import Model

/// Rounds the parameters to the weights that the next step computes with.
final class RefreshWork<Shape: TrainableShape>: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own tensors.
  private let weights: Shape.Weights
  private let state: TrainingState
  /// Set before the pieces are dealt.
  var rounding = WeightRounding.ternary

  init(weights: Shape.Weights, state: TrainingState) {
    self.weights = weights
    self.state = state
  }

  func perform(_ index: Int, thread: Int) {
    weights.refresh(piece: index, from: state.parameters, rounding: rounding)
  }
}
