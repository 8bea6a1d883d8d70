import ArgumentParser
import Basics
import Console
import Evaluation
import Formats
import Foundation
import Lineage
import Networks
import Training
import Workbench

extension TrainCommand {
  /// What `train --task classify --json` prints.
  private struct ClassifierAnswer: Encodable {
    var schema = "alambic.train-classifier/1"
    var output: String
    var checkpoint: ContentID
    var shape: CompactShape
    var labels: [String]
    var textCount: Int
    /// Nil where no folds were wanted.
    var validation: CrossValidation.Report?
    /// From which margin on the classifier answers, in nats.
    var threshold: Double?
    var heldOutBitsPerLabel: Double
    var checkpointStep: Int
    var seconds: Double
  }

  /// Folds first, since they choose the threshold that the checkpoint holds; then the student of all texts.
  func trainClassifier(on data: String) async throws {
    try refuseSettingsOfSpeech()
    guard let output else {
      throw HintedError("--data needs --out", hint: "name the checkpoint: --out intents.checkpoint", status: .usage)
    }
    let settings = try headSettings()
    let validation = try classifying.validation(seed: settings.training.seed)
    let training = try HeadTraining(try classifying.texts(data), none: classifying.none, settings: settings)
    let renderer = EventRenderer(common)
    let sink = ProgressSink(stage: .train) { renderer.show($0) }
    renderer.show(.started(.train))
    let (students, saveInterval) = ("\(output).folds", saveEvery ?? TrainingResult.saveInterval)
    let report = try validation.map {
      try training.validated(by: $0, in: students, saveInterval: saveInterval) { number, count, metrics in
        sink(
          number * metrics.stepCount + metrics.step, of: count * metrics.stepCount, "steps",
          note: "student \(number + 1) of \(count) folds")
      }
    }
    let student = try training.student(threshold: report?.threshold)
    let run = TrainingRun(
      shape: settings.shape, settings: student.settings, data: student.data, output: output, threadCount: threads,
      saveInterval: saveInterval)
    let result = try await run.run { metrics in
      sink(
        metrics.step, of: metrics.stepCount, "steps", note: "\(metrics.bitsPerByte.rounded(toPlaces: 2)) bits a label")
    }
    try? FileManager.default.removeItem(atPath: students)
    renderer.show(
      .finished(
        .train,
        summary: "\(result.heldOutBitsPerByte.rounded(toPlaces: 4)) bits a label on held-out texts · "
          + "\(output) · \(result.checkpoint.short)", seconds: result.seconds))
    if common.json {
      return try Output.json(
        ClassifierAnswer(
          output: output, checkpoint: result.checkpoint, shape: settings.shape, labels: training.labels,
          textCount: training.examples.count, validation: report, threshold: report?.threshold,
          heldOutBitsPerLabel: result.heldOutBitsPerByte, checkpointStep: result.checkpointStep,
          seconds: result.seconds))
    }
    guard let report, !common.quiet else { return }
    Output.text(ValidationText(report, textCount: training.examples.count, labelCount: training.labels.count).text)
  }

  private func refuseSettingsOfSpeech() throws {
    let given: [(name: String, isGiven: Bool)] = [
      ("--held-out", heldOut != nil), ("--split", split != nil), ("--reply", reply != nil),
      ("--prompt-weight", promptWeight != nil), ("--mark", !tokens.marks.isEmpty), ("--minutes", minutes != nil),
      ("--soft-from", softFrom != nil), ("--soft-share", softShare != nil), ("--weights", weights != nil),
      ("--segmentation-dropout", segmentationDropout != nil),
    ]
    guard let first = given.first(where: \.isGiven) else { return }
    throw HintedError("\(first.name) is not for --task classify", hint: "leave it out", status: .usage)
  }

  private func headSettings() throws -> HeadTraining.Settings {
    var own = HeadTraining.Settings()
    if let asked = try shape.requestedStudent(window: window ?? own.training.windowTokenCount) {
      guard let compact = asked as? CompactShape else {
        throw HintedError(
          "--task classify trains compact students, and \(asked.presetName) is another",
          hint: "for example --preset atome-6kb, or --shape \(own.shape)", status: .usage)
      }
      own.shape = compact
    }
    var training = try TrainingSettings.recipe(named: recipe ?? Self.base.recipe, for: .compact)
      .learningReplies(promptWeight: 0)
    training.stepCount = steps ?? own.training.stepCount
    training.warmUpStepCount = min(training.warmUpStepCount, training.stepCount)
    training.batchCount = batch ?? own.training.batchCount
    training.windowTokenCount = window ?? own.training.windowTokenCount
    training.seed = seed ?? training.seed
    training.twinShare = twin
    training.evaluationInterval = evaluateEvery ?? training.evaluationInterval
    training.patience = patience
    training.learningRate = learningRate ?? training.learningRate
    try training.validate()
    own.training = training
    // A vocabulary is learned unless bytes are asked for.
    var tokens = tokens
    if tokens.vocabulary == nil { tokens.vocabulary = .learned }
    switch try tokens.choice() {
    case .learned(let marks, let strings): own.vocabulary = .learned(marks: marks, strings: strings ?? 80)
    case .bytes, nil: own.vocabulary = .bytes
    }
    own.masksKeywords = !classifying.keepKeywords
    own.balancesLabels = classifying.classWeights == .balanced
    own.threadCount = threads
    return own
  }
}
