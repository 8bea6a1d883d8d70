import Kernels

/// Adds up the lanes' gradients and measures the sum's length.
final class ReductionWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own range.
  private let kernels: TunedKernels
  private let state: TrainingState
  private let pieces: [Range<Int>]
  private let squares: Arena<Double>

  init(kernels: TunedKernels, state: TrainingState, pieces: [Range<Int>]) {
    self.kernels = kernels
    self.state = state
    self.pieces = pieces
    squares = Arena(capacity: pieces.count)
  }

  var pieceCount: Int { pieces.count }

  func perform(_ index: Int, thread: Int) {
    let range = pieces[index]
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
