import Basics
import Export
import Formats
import Foundation
import Model
import Networks
import Training

/// A student of any architecture: what comparisons train side by side.
public enum StudentShape: Hashable, Sendable, CustomStringConvertible {
  case atome(AtomeShape)
  case gpt(GPTShape)

  /// A preset's shape; a GPT gets positions for windows of `window` bytes.
  /// - Throws: `HintedError` for a name that is no preset's.
  public init(preset name: String, window: Int) throws {
    if let shape = GPTShape.preset(name, window: window) {
      self = .gpt(shape)
    } else {
      self = .atome(try AtomeShape.preset(name))
    }
  }

  public var parameterCount: Int {
    switch self {
    case .atome(let shape): shape.parameterCount
    case .gpt(let shape): shape.parameterCount
    }
  }

  public var description: String {
    switch self {
    case .atome(let shape): shape.description
    case .gpt(let shape): shape.description
    }
  }
}

/// What a trained student is worth in the form in which it would be flashed: an ATOME01 image, or a GPT's `Int8Form`.
public struct StudentResult: Sendable {
  /// The sum of the cross-entropies of each held-out window, in nats; students of the same data pair by index.
  public var windowNats: [Double]
  /// The same before rounding to bytes.
  public var trainedWindowNats: [Double]
  public var bitsPerByte: Double
  /// The same before rounding to bytes; equal for an atome model, which trains with its trits.
  public var trainedBitsPerByte: Double
  public var flashByteCount: Int
  /// Training's duration, evaluations included.
  public var seconds: Double
}

/// Trains one student in memory.
public struct StudentRun: Sendable {
  public var shape: StudentShape
  public var settings: TrainingSettings
  public var data: TrainingData
  public var threadCount: Int

  public init(shape: StudentShape, settings: TrainingSettings, data: TrainingData, threadCount: Int? = nil) {
    self.shape = shape
    self.settings = settings
    self.data = data
    self.threadCount = threadCount ?? TrainingHost.defaultThreadCount
  }

  /// Trains to the end, on the calling thread and the run's own.
  /// - Throws: `CancellationError` when the task is cancelled, `HintedError` when training diverges.
  public func run(progress: (StepMetrics) -> Void = { _ in }) throws -> StudentResult {
    switch shape {
    case .atome(let shape): try atome(shape, progress)
    case .gpt(let shape): try gpt(shape, progress)
    }
  }

  private func atome(_ shape: AtomeShape, _ progress: (StepMetrics) -> Void) throws -> StudentResult {
    let (trainer, seconds) = try trained(shape, progress)
    let nats = try trainer.heldOutWindowNats()
    return StudentResult(
      windowNats: nats, trainedWindowNats: nats, bitsPerByte: bitsPerByte(nats), trainedBitsPerByte: bitsPerByte(nats),
      flashByteCount: shape.atome01ByteCount, seconds: seconds)
  }

  private func gpt(_ shape: GPTShape, _ progress: (StepMetrics) -> Void) throws -> StudentResult {
    let (trainer, seconds) = try trained(shape, progress)
    let form = Int8Form(trainer.checkpoint())
    let nats = try GPTEvaluator(shape: shape, parameters: form.parameters)
      .windowNats(of: data.heldOut, window: data.windowTokenCount)
    let trained = try trainer.heldOutWindowNats()
    return StudentResult(
      windowNats: nats, trainedWindowNats: trained, bitsPerByte: bitsPerByte(nats),
      trainedBitsPerByte: bitsPerByte(trained),
      flashByteCount: form.byteCount, seconds: seconds)
  }

  private func trained<Shape: TrainableShape>(
    _ shape: Shape, _ progress: (StepMetrics) -> Void
  ) throws -> (Trainer<Shape>, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let trainer = try Trainer(shape: shape, settings: settings, data: data, threadCount: threadCount)
    try trainer.run(onStep: progress)
    return (trainer, (clock.now - start) / Duration.seconds(1))
  }

  private func bitsPerByte(_ nats: [Double]) -> Double {
    nats.reduce(0, +) / Double(nats.count * (data.windowTokenCount - 1)) / log(2)
  }
}
