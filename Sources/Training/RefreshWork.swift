import Formats
import Kernels
import Model

/// Rounds the parameters to the weights that the next step computes with.
final class RefreshWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own tensors.
  private let weights: EffectiveWeights<TunedKernels>
  private let state: TrainingState
  private let rounding: EffectiveWeights<TunedKernels>.Rounding

  init(weights: EffectiveWeights<TunedKernels>, state: TrainingState, settings: TrainingSettings) {
    self.weights = weights
    self.state = state
    rounding = settings.ablation?.floatWeights == true ? .none : .ternary
  }

  func perform(_ index: Int, thread: Int) {
    weights.refresh(piece: index, from: state.parameters, rounding: rounding)
  }
}
