import Formats
import Kernels
import Model

/// The parameters in pieces that fit the first cache with their moments; where pieces end is part of the result, since
/// each has its own sum of squares.
struct ParameterPieces: Sendable {
  static let pieceParameterCount = 4096
  let parameterCount: Int

  var count: Int { (parameterCount + Self.pieceParameterCount - 1) / Self.pieceParameterCount }

  func range(_ index: Int) -> Range<Int> {
    let first = index * Self.pieceParameterCount
    return first..<min(first + Self.pieceParameterCount, parameterCount)
  }
}

/// Adds up the lanes' gradients and measures the sum's length.
final class ReductionWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own range.
  private let kernels: TunedKernels
  private let state: TrainingState
  private let pieces: ParameterPieces
  private let squares: Arena<Double>

  init(kernels: TunedKernels, state: TrainingState, pieces: ParameterPieces) {
    self.kernels = kernels
    self.state = state
    self.pieces = pieces
    squares = Arena(capacity: pieces.count)
  }

  func perform(_ index: Int, thread: Int) {
    let range = pieces.range(index)
    let sum = state.gradient.columns(range)
    kernels.addLanes(state.laneGradients.columns(range), sum: sum)
    squares.whole[0, index] = kernels.sumOfSquares(sum)
  }

  /// The whole gradient's Euclidean length.
  var norm: Double {
    var sum = 0.0
    for index in 0..<pieces.count { sum += squares.whole[0, index] }
    return sum.squareRoot()
  }
}

/// AdamW on every parameter.
final class UpdateWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own range.
  private let kernels: TunedKernels
  private let state: TrainingState
  private let pieces: ParameterPieces
  /// This step's numbers, set before it.
  var rule: AdamWRule<Float>

  init(kernels: TunedKernels, state: TrainingState, pieces: ParameterPieces, rule: AdamWRule<Float>) {
    self.kernels = kernels
    self.state = state
    self.pieces = pieces
    self.rule = rule
  }

  func perform(_ index: Int, thread: Int) {
    let range = pieces.range(index)
    kernels.adamW(
      gradient: state.gradient.columns(range), parameter: state.parameters.columns(range),
      firstMoment: state.firstMoment.columns(range), secondMoment: state.secondMoment.columns(range), rule: rule)
  }
}

/// Rounds the parameters to the weights that the next step computes with.
final class RefreshWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own tensors.
  private let weights: EffectiveWeights<TunedKernels>
  private let state: TrainingState

  init(weights: EffectiveWeights<TunedKernels>, state: TrainingState) {
    self.weights = weights
    self.state = state
  }

  func perform(_ index: Int, thread: Int) {
    weights.refresh(piece: index, from: state.parameters, rounding: .ternary)
  }
}
