import Basics
import Formats
import Foundation
import Kernels
import Training
import Workbench

/// One training of a sweep, and what decides it.
struct SweepTraining: Sendable {
  let shape: StudentShape
  let settings: TrainingSettings
  let data: SweepData
  /// Of all that decides the result but for the kernels, so that machines with others deal alike.
  let id: ContentID

  private struct Key: Encodable {
    var schema = "alambic.sweep.training/1"
    var version = AlambicVersion.current
    var shape: String
    var settings: TrainingSettings
    var data: ContentID
  }

  init(shape: StudentShape, settings: TrainingSettings, data: SweepData) throws {
    (self.shape, self.settings, self.data) = (shape, settings, data)
    id = try ContentID(ofCanonical: Key(shape: shape.text, settings: settings, data: data.content.id))
  }
}

/// How trainings are run; nothing of it decides a result.
public struct SweepOptions: Sendable {
  public var threadCount: Int?
  public var saveInterval: Double

  public init(threadCount: Int? = nil, saveInterval: Double = TrainingResult.saveInterval) {
    (self.threadCount, self.saveInterval) = (threadCount, saveInterval)
  }
}

/// What is known of a training, file by file.
package struct SweepFacts: Sendable {
  /// Nil until the last step is done.
  package var result: SweepResult?
  package var rungs: [SweepRungs.Rung]

  package init(result: SweepResult? = nil, rungs: [SweepRungs.Rung] = []) {
    (self.result, self.rungs) = (result, rungs)
  }

  var isDiverged: Bool { result.map { $0.trainedBitsPerByte == nil } ?? false }

  /// Where the trainings of a group are compared: infinite for one that diverged, nil for one that is not so far.
  func bitsPerByte(afterStep step: Int) -> Double? {
    isDiverged ? .infinity : rungs.first { $0.step == step }?.bitsPerByte
  }
}

/// `result.json`: what a finished training is worth. It holds nothing that was timed.
package struct SweepResult: Codable, Hashable, Sendable {
  static let schema = "alambic.sweep-result/1"

  var schema = Self.schema
  var training: ContentID
  var shape: String
  var instructionSet: String
  /// Nil for a training that diverged, and so is what follows.
  var checkpoint: ContentID?
  /// Of a training with patience: the step of its best evaluation, which the checkpoint is of.
  var step: Int?
  /// Of the held-out text, as trained.
  package var trainedBitsPerByte: Double?
  /// The same in the form that is flashed.
  var flashedBitsPerByte: Double?

  package init(training: ContentID, shape: String, instructionSet: String) {
    (self.training, self.shape, self.instructionSet) = (training, shape, instructionSet)
  }

  func bitsPerByte(_ form: Contestant.Form) -> Double? { form == .float32 ? trainedBitsPerByte : flashedBitsPerByte }
}

/// `rungs.json`: where a training was compared with others.
package struct SweepRungs: Codable, Hashable, Sendable {
  static let schema = "alambic.sweep-rungs/1"

  package struct Rung: Codable, Hashable, Sendable {
    var step: Int
    /// Of the held-out text, as trained.
    var bitsPerByte: Double

    package init(step: Int, bitsPerByte: Double) { (self.step, self.bitsPerByte) = (step, bitsPerByte) }
  }

  var schema = Self.schema
  var training: ContentID
  var instructionSet: String
  var rungs: [Rung]
}

// MARK: - Training

extension SweepTraining {
  private func run<Shape: Student>(
    _ shape: Shape, _ output: String, _ set: InstructionSet, _ options: SweepOptions
  ) -> TrainingRun<Shape> {
    var run = TrainingRun(
      shape: shape, settings: settings, data: data.content, output: output, threadCount: options.threadCount,
      saveInterval: options.saveInterval)
    run.instructionSet = set
    return run
  }

  /// - Returns: bits per byte after a step before the last one; nil where the training diverges before it.
  func rung(
    atStep step: Int, _ output: String, _ set: InstructionSet, _ options: SweepOptions,
    onStep: @escaping @Sendable (StepMetrics) -> Void
  ) async throws -> Double? {
    func train<Shape: Student>(_ shape: Shape) async throws -> Double {
      try await run(shape, output, set, options).run(upTo: step, progress: onStep)
    }
    do {
      return try await train(shape.shape)
    } catch let error as HintedError where error.status == .answerIsNo {
      return nil
    }
  }

  /// Trains to the end, or takes the checkpoint that a kill left unmeasured, and measures it.
  func result(
    _ output: String, _ set: InstructionSet, _ options: SweepOptions,
    onStep: @escaping @Sendable (StepMetrics) -> Void
  ) async throws -> SweepResult {
    func finish<Shape: Student>(_ shape: Shape) async throws -> SweepResult {
      let run = run(shape, output, set, options)
      var result = SweepResult(training: id, shape: self.shape.text, instructionSet: set.rawValue)
      do {
        if !run.isFinished { _ = try await run.run(progress: onStep) }
      } catch let error as HintedError where error.status == .answerIsNo {
        return result
      }
      let trainer = try Trainer(
        resuming: try TrainingCheckpoint<Shape>(readingFrom: output), data: data.content, threadCount: run.threadCount,
        instructionSet: set)
      let worth = try Shape.worth(of: trainer)
      if settings.patience != nil { result.step = trainer.step }
      result.checkpoint = try ContentID(ofFile: output)
      result.trainedBitsPerByte = bitsPerByte(worth.trainedWindowNats, byteCount: data.heldOutByteCount)
      result.flashedBitsPerByte = bitsPerByte(worth.windowNats, byteCount: data.heldOutByteCount)
      return result
    }
    return try await finish(shape.shape)
  }
}
