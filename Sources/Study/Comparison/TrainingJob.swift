import Basics
import Conversation
import Formats
import Foundation
import Training

/// One training of a comparison, and what decides its result.
struct TrainingJob: Sendable {
  var shape: StudentShape
  var settings: TrainingSettings
  /// Trained on its first part, measured on its second.
  var data: TrainingData
  /// What the trained student is asked.
  var exam: StudentExam?
  /// Whether a training that diverges is an answer (a rate that is too high) rather than an error.
  var mayDiverge = false

  private struct Key: Encodable {
    var schema = "alambic.compare.job/2"
    var version = AlambicVersion.current
    var shape: String
    var settings: TrainingSettings
    /// Names the tokens' texts, too.
    var data: ContentID
    var exam: ContentID?
    var instructionSet: String
    /// Of the kernels that train it.
    var kernels: ContentID
  }

  /// Equal keys, equal results.
  /// - Parameter kernels: what was found for other jobs; another seed changes nothing.
  func key(_ kernels: inout [ContentID: ContentID]) throws -> ContentID {
    var anySeed = settings
    anySeed.seed = 0
    var key = Key(
      shape: shape.text, settings: anySeed, data: data.id, exam: nil,
      instructionSet: TrainingHost.instructionSetName, kernels: ContentID(of: ""))
    let kind = try ContentID(ofCanonical: key)
    let found = try kernels[kind] ?? StudentRun(shape: shape, settings: settings, data: data).fingerprint()
    kernels[kind] = found
    (key.settings, key.exam, key.kernels) = (settings, exam?.id, found)
    return try ContentID(ofCanonical: key)
  }

  /// Trains on one thread: independent trainings side by side waste nothing.
  func run(onStep: (StepMetrics) -> Void) async throws -> JobResult {
    let run = StudentRun(shape: shape, settings: settings, data: data, threadCount: 1)
    let result: StudentResult
    do {
      result = try run.run(progress: onStep)
    } catch let error as HintedError where mayDiverge && error.status == .answerIsNo {
      return JobResult(
        shape: shape.text, trainedWindowNats: [], flashedWindowNats: [], flashByteCount: 0, seconds: 0)
    }
    return JobResult(
      shape: shape.text, trainedWindowNats: result.worth.trainedWindowNats, flashedWindowNats: result.worth.windowNats,
      flashByteCount: result.worth.flashByteCount, seconds: result.seconds, right: try await right(result.checkpoint))
  }

  /// How many questions the student answers rightly in each of its forms.
  private func right(_ checkpoint: [UInt8]) async throws -> [String: Proportion]? {
    // No engine runs an ablated model.
    guard let exam, settings.ablation == nil else { return nil }
    let model = try ModelFile(checkpoint, path: "\(shape)").runnable()
    var right: [String: Proportion] = [:]
    for form in shape.forms {
      // Beside its graph and its engine in floats, a GPT of 8 bits answers with rounded weights.
      right[form.rawValue] = try await exam.ask(form == .int8 ? try model.roundedToInt8() : model)
    }
    return right
  }
}

/// What one training is worth.
struct JobResult: Codable, Sendable {
  var shape: String
  /// Of each window: the sum of its cross-entropies, as trained; and in the form that is flashed.
  var trainedWindowNats: [Double]
  var flashedWindowNats: [Double]
  /// Without a vocabulary.
  var flashByteCount: Int
  var seconds: Double
  /// Of the questions, by form; nil where none were asked.
  var right: [String: Proportion]?

  func windowNats(_ form: Contestant.Form) -> [Double] {
    form == .float32 ? trainedWindowNats : flashedWindowNats
  }
}
