import Formats
import Kernels
import Model

/// The gradient of one batch. Its windows are dealt to a fixed number of lanes; each lane adds up its windows'
/// gradients in order, and the lanes are added up in order afterwards. Threads only decide who computes a lane, so the
/// sum's bits do not depend on their number.
final class LaneWork<Shape: TrainableShape>: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own lane and their windows' losses, and use their thread's graph.

  let laneCount: Int
  /// Filled before a step.
  let batch: Batch
  /// The batch's cross-entropies in nats, one a window.
  private let losses: Arena<Double>
  private let weights: Shape.Weights
  private let graphs: [Shape.Graph]
  private let twin: TwinTeacher<Shape>?
  private let labels: SoftLabels?
  private let softShare: Float
  private let state: TrainingState

  init(
    batch: Batch, capacity: Int, laneCount: Int, weights: Shape.Weights, graphs: [Shape.Graph],
    twin: TwinTeacher<Shape>?, labels: SoftLabels?, softShare: Float, state: TrainingState
  ) {
    self.laneCount = laneCount
    self.batch = batch
    losses = Arena(capacity: capacity)
    self.weights = weights
    self.graphs = graphs
    self.twin = twin
    self.labels = labels
    self.softShare = softShare
    self.state = state
  }

  func perform(_ lane: Int, thread: Int) {
    let gradient = state.laneGradients.row(lane)
    gradient.clear()
    for index in lane * batch.count / laneCount..<(lane + 1) * batch.count / laneCount {
      let scale = batch.lossScale(of: index)
      let teaching = twin?.teaching(batch[index], scale: scale, thread: thread)
      losses.whole[0, index] =
        graphs[thread].lossAndGradient(
          batch[index], weights, scale: scale, teaching: teaching,
          soft: batch.soft(index, labels, share: softShare), addingTo: gradient
        ).nats
    }
  }

  /// The batch's cross-entropy in bits for a byte of text, whatever predictions weigh.
  var bitsPerByte: Double {
    var sum = 0.0
    for index in 0..<batch.count { sum += losses.whole[0, index] }
    return sum / Double(max(1, batch.byteCount)) / Double.ln2
  }
}

/// Lanes of one batch: how many threads a step can keep busy, at the price of one gradient's memory each.
enum Lanes {
  static let limit = 8

  static func count(batchCount: Int) -> Int { min(limit, batchCount) }
}

extension Double {
  /// The natural logarithm of 2: nats in a bit.
  static let ln2 = 0.693_147_180_559_945_309_4
}
