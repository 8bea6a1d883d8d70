import Kernels
import Model

/// The loss on all held-out windows, a block of windows a piece.
final class EvaluationWork<Shape: TrainableShape>: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own windows' losses and use their thread's graph.

  private let blockWindowCount = 16
  private let losses: Arena<Double>
  private let data: TrainingData
  private let weights: Shape.Weights
  private let graphs: [Shape.Graph]

  init(data: TrainingData, weights: Shape.Weights, graphs: [Shape.Graph]) {
    losses = Arena(capacity: data.heldOutWindowCount)
    self.data = data
    self.weights = weights
    self.graphs = graphs
  }

  var pieceCount: Int { (data.heldOutWindowCount + blockWindowCount - 1) / blockWindowCount }

  func perform(_ index: Int, thread: Int) {
    let first = index * blockWindowCount
    for window in first..<min(first + blockWindowCount, data.heldOutWindowCount) {
      losses.whole[0, window] = data.withHeldOutWindow(window) { graphs[thread].loss($0, weights) }
    }
  }

  /// The sum of each held-out window's cross-entropies, in nats.
  var windowNats: [Double] { (0..<data.heldOutWindowCount).map { losses.whole[0, $0] } }

  /// The mean cross-entropy a prediction, in bits.
  var bitsPerByte: Double {
    var sum = 0.0
    for window in 0..<data.heldOutWindowCount { sum += losses.whole[0, window] }
    return sum / Double(data.heldOutWindowCount * graphs[0].positionCount) / Double.ln2
  }
}
