import Basics
import Formats
import Lineage
import Networks
import Training

/// Shards to a checkpoint.
struct TrainStep: PipelineStep {
  let name = StageName.train
  let training: CorpusTraining
  let output: String
  let workspace: Workspace
  let threadCount: Int?

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    receipts[.shard]?.outputs ?? []
  }

  func settings() throws -> [String: String] {
    var settings = [
      "preset": training.section.preset,
      "settings": try CanonicalJSON.text(try training.settings()),
      "reply": try CanonicalJSON.text(training.reply),
      "vocabulary": try CanonicalJSON.text(training.section.vocabulary),
      "noise": try CanonicalJSON.text(training.section.noise),
      // Kernels for another processor round otherwise, so their results are other results.
      "instructionSet": TrainingHost.instructionSetName,
    ]
    if let soft = training.section.softLabels, let teacher = training.softTeacher {
      settings["softLabels"] = "\(soft.share) of \(try teacher.id)"
    }
    return settings
  }

  func perform(inputs: StepInputs, progress: ProgressSink) async throws -> StepOutcome {
    try await perform(try training.shape(), inputs, progress)
  }

  private func perform(
    _ shape: some TrainableShape, _ inputs: StepInputs, _ progress: ProgressSink
  ) async throws -> StepOutcome {
    let shards = try inputs.folder(.shards)
    let vocabulary = try training.vocabulary(shards)
    var run = TrainingRun(
      shape: shape, settings: try training.settings(),
      data: try training.data(shards, vocabulary), output: output, threadCount: threadCount)
    if let labels = try training.softLabels(shards, of: run.data), let soft = training.section.softLabels {
      run.learn(from: labels, share: Float(soft.share))
      progress.say(labels.summary)
    }
    let result = try await run.run(progress: TrainingProgress(progress).callAsFunction)
    return StepOutcome(
      outputs: [try workspace.artifact(.checkpoint, at: output)] + (try written(vocabulary)),
      summary: "\(result.heldOutBitsPerByte.rounded(toPlaces: 3)) bits per byte on held-out text"
        + (result.heldOutReplyBitsPerByte.map { ", \($0.rounded(toPlaces: 3)) on replies" } ?? "") + " · "
        + "\(ReadableUnits.count(run.shape.parameterCount)) parameters · \(Self.phrase(vocabulary))",
      figures: figures(of: result, vocabulary))
  }

  /// What training takes, by steps that nobody keeps.
  /// - Parameter shards: the folder of the shard set.
  func expectedSeconds(shards: String) throws -> Double { try expectedSeconds(try training.shape(), shards) }

  private func expectedSeconds(_ shape: some TrainableShape, _ shards: String) throws -> Double {
    var run = TrainingRun(
      shape: shape, settings: try training.settings(),
      data: try training.data(shards, try training.vocabulary(shards)), output: output, threadCount: threadCount)
    if let labels = try training.softLabels(shards, of: run.data), let soft = training.section.softLabels {
      run.learn(from: labels, share: Float(soft.share))
    }
    let speed = try TimeBudget(minutes: Self.measuredMinutes).speed(of: run)
    return speed.seconds(ofSteps: run.settings.stepCount, evaluationInterval: run.settings.evaluationInterval)
  }

  /// A budget of which a small part is for measuring: some seconds.
  private static let measuredMinutes = 2.0

  /// The learned vocabulary's section as a file of its own, so that its id leads back to the documents.
  private func written(_ vocabulary: Vocabulary) throws -> [Artifact] {
    guard !vocabulary.isIdentity else { return [] }
    let path = "\(output).vocabulary"
    try AtomicFile.write(VocabularyFile.write(vocabulary), to: path)
    return [try workspace.artifact(.vocabulary, at: path)]
  }

  private static func phrase(_ vocabulary: Vocabulary) -> String {
    vocabulary.id.map { "\(vocabulary.stringTokens.count) strings in the vocabulary \($0.short)" } ?? "bytes"
  }

  private func figures(of result: TrainingResult, _ vocabulary: Vocabulary) -> [String: Double] {
    var figures = ["heldOutBitsPerByte": result.heldOutBitsPerByte]
    figures["heldOutReplyBitsPerByte"] = result.heldOutReplyBitsPerByte
    figures["vocabularyStringCount"] = Double(vocabulary.stringTokens.count)
    return figures
  }
}
