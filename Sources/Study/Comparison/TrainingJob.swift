import Basics
import Formats
import Foundation
import Training

/// One training of a comparison, and what decides its result.
struct TrainingJob: Sendable {
  var shape: StudentShape
  var settings: TrainingSettings
  /// Trained on its first part, measured on its second.
  var data: TrainingData
  /// Whether a training that diverges is an answer (a rate that is too high) rather than an error.
  var mayDiverge = false

  private struct Key: Encodable {
    var schema = "alambic.compare.job/1"
    var version = AlambicVersion.current
    var shape: String
    var settings: TrainingSettings
    var data: ContentID
    var instructionSet: String
  }

  /// Equal keys, equal results.
  func key() throws -> ContentID {
    try ContentID(
      ofCanonical: Key(
        shape: shape.text, settings: settings, data: data.id, instructionSet: TrainingHost.instructionSetName))
  }

  /// Trains on one thread: independent trainings side by side waste nothing.
  func run(onStep: (StepMetrics) -> Void) throws -> JobResult {
    let run = StudentRun(shape: shape, settings: settings, data: data, threadCount: 1)
    let result: StudentResult
    do {
      result = try run.run(progress: onStep)
    } catch let error as HintedError where mayDiverge && error.status == .answerIsNo {
      return JobResult(
        shape: shape.text, trainedWindowNats: [], flashedWindowNats: [], flashByteCount: 0, seconds: 0)
    }
    return JobResult(
      shape: shape.text, trainedWindowNats: result.trainedWindowNats, flashedWindowNats: result.windowNats,
      flashByteCount: result.flashByteCount, seconds: result.seconds)
  }
}

/// What one training is worth.
struct JobResult: Codable, Sendable {
  var shape: String
  /// Of each window: the sum of its cross-entropies, as trained; and in the form that is flashed.
  var trainedWindowNats: [Double]
  var flashedWindowNats: [Double]
  var flashByteCount: Int
  var seconds: Double

  func windowNats(_ form: Contestant.Form) -> [Double] {
    form == .float32 ? trainedWindowNats : flashedWindowNats
  }
}
