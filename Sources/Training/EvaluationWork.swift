import Formats
import Kernels
import Lineage
import Model

/// What a model is worth on held-out text.
public struct HeldOutLoss: Hashable, Sendable {
  /// Bits for a byte of text, over all that is predicted; a document's end is a byte, too.
  public var bitsPerByte: Double
  /// The same over the replies alone; nil where no document has one.
  public var replyBitsPerByte: Double?
}

/// The loss on all that is held out, a window a piece.
final class EvaluationWork<Shape: TrainableShape>: IndexedWork, @unchecked Sendable {
  // Sendable by agreement: pieces write to their own window's losses and use their thread's graph.

  private let capacity = 256
  private let batch: Batch
  /// In nats: of a window's prompt and of its reply (windows, 2).
  private let losses: MatrixView<Double>
  private let arena: Arena<Double>
  private let data: TrainingData
  private let weights: Shape.Weights
  private let graphs: [Shape.Graph]

  init(data: TrainingData, head: LabelHead?, weights: Shape.Weights, graphs: [Shape.Graph]) {
    batch = Batch(capacity: capacity, data: data, promptWeight: nil, head: head)
    arena = Arena(capacity: Arena<Double>.room(capacity, 2))
    losses = arena.takeMatrix(capacity, 2)
    self.data = data
    self.weights = weights
    self.graphs = graphs
  }

  func perform(_ index: Int, thread: Int) {
    let loss = graphs[thread].loss(batch[index], weights)
    (losses[index, 0], losses[index, 1]) = (loss.promptNats, loss.replyNats)
  }

  /// - Returns: the loss, and the sum of the cross-entropies of each window of a text, or of each document, in nats.
  /// - Throws: `HintedError` when a document cannot be read.
  func evaluate(_ pool: WorkerPool) throws -> (loss: HeldOutLoss, nats: [Double]) {
    var windows = HeldOutWindows(data)
    var (sum, nats, units) = (HeldOutSum(), [Double](), [Int]())
    while try windows.fill(batch, capacity: capacity, units: &units) {
      pool.forEach(batch.count, of: self)
      for (index, unit) in units.enumerated() {
        let loss = WindowLoss(promptNats: losses[index, 0], replyNats: losses[index, 1])
        if unit == nats.count { nats.append(0) }
        nats[unit] += loss.nats
        sum.add(loss, hasReply: batch.hasReply(index))
      }
      sum.byteCount += batch.byteCount
      sum.replyByteCount += batch.replyByteCount
    }
    return (sum.loss, nats)
  }
}

/// Sums in the order of the windows, so that they do not depend on threads.
private struct HeldOutSum {
  var byteCount = 0
  var replyByteCount = 0
  private var nats = 0.0
  private var replyNats = 0.0

  mutating func add(_ loss: WindowLoss, hasReply: Bool) {
    nats += loss.nats
    if hasReply { replyNats += loss.replyNats }
  }

  var loss: HeldOutLoss {
    HeldOutLoss(
      bitsPerByte: nats / Double(max(1, byteCount)) / Double.ln2,
      replyBitsPerByte: replyByteCount > 0 ? replyNats / Double(replyByteCount) / Double.ln2 : nil)
  }
}
