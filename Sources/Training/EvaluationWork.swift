import Kernels
import Model

/// The loss on all held-out windows, a block of windows a piece.
final class EvaluationWork: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own windows' losses and use their thread's graph.

  private static let blockWindowCount = 16

  private let losses: Arena<Double>
  private let data: TrainingData
  private let weights: EffectiveWeights<TunedKernels>
  private let graphs: [SequenceGraph<TunedKernels>]

  init(data: TrainingData, weights: EffectiveWeights<TunedKernels>, graphs: [SequenceGraph<TunedKernels>]) {
    losses = Arena(capacity: data.heldOutWindowCount)
    self.data = data
    self.weights = weights
    self.graphs = graphs
  }

  var pieceCount: Int { (data.heldOutWindowCount + Self.blockWindowCount - 1) / Self.blockWindowCount }

  func perform(_ index: Int, thread: Int) {
    let first = index * Self.blockWindowCount
    for window in first..<min(first + Self.blockWindowCount, data.heldOutWindowCount) {
      losses.whole[0, window] = data.withHeldOutWindow(window) { graphs[thread].loss($0, weights) }
    }
  }

  /// The mean cross-entropy a prediction, in bits.
  var bitsPerByte: Double {
    var sum = 0.0
    for window in 0..<data.heldOutWindowCount { sum += losses.whole[0, window] }
    return sum / Double(data.heldOutWindowCount * graphs[0].positionCount) / Double.ln2
  }
}
