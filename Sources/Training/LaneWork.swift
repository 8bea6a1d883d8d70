import Formats
import Kernels
import Model

/// The gradient of one batch. Its windows are dealt to a fixed number of lanes; each lane adds up its windows'
/// gradients in order, and the lanes are added up in order afterwards. Threads only decide who computes a lane, so the
/// sum's bits do not depend on their number.
final class LaneWork<Shape: TrainableShape>: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own lane and their windows' losses, and use their thread's graph.

  let laneCount: Int
  /// Where each of the batch's windows begins in the training text, set before a step.
  var batch: [Int]
  /// The batch's cross-entropies in nats, one a window.
  private let losses: Arena<Double>
  private let data: TrainingData
  private let weights: Shape.Weights
  private let graphs: [Shape.Graph]
  private let state: TrainingState

  init(
    batchCount: Int, laneCount: Int, data: TrainingData, weights: Shape.Weights,
    graphs: [Shape.Graph], state: TrainingState
  ) {
    self.laneCount = laneCount
    batch = Array(repeating: 0, count: batchCount)
    losses = Arena(capacity: batchCount)
    self.data = data
    self.weights = weights
    self.graphs = graphs
    self.state = state
  }

  func perform(_ lane: Int, thread: Int) {
    let gradient = state.laneGradients.row(lane)
    gradient.clear()
    let graph = graphs[thread]
    let scale = 1 / Float(batch.count * graph.positionCount)
    for index in lane * batch.count / laneCount..<(lane + 1) * batch.count / laneCount {
      losses.whole[0, index] = data.withTrainWindow(at: batch[index]) { window in
        graph.lossAndGradient(window, weights, scale: scale, addingTo: gradient)
      }
    }
  }

  /// The batch's mean cross-entropy a prediction, in bits.
  var bitsPerByte: Double {
    var sum = 0.0
    for index in batch.indices { sum += losses.whole[0, index] }
    return sum / Double(batch.count * graphs[0].positionCount) / Double.ln2
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

extension TrainingData {
  func withTrainWindow<Result>(at start: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    Self.withWindow(train, start, windowByteCount, body)
  }

  func withHeldOutWindow<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    Self.withWindow(heldOut, index * windowByteCount, windowByteCount, body)
  }

  private static func withWindow<Result>(
    _ bytes: [UInt8], _ start: Int, _ count: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<start + count])) }
  }
}
