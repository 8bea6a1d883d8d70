import Basics
import Formats
import Lineage
import Networks
import Training
import Vocabularies

/// Shards to a checkpoint.
struct TrainStep: PipelineStep {
  let name = StageName.train
  let section: Recipe.Training
  let task: Recipe.Task
  let shards: String
  let output: String
  let workspace: Workspace
  let threadCount: Int?

  private func trainingSettings() throws -> TrainingSettings {
    var settings = try TrainingSettings.recipe(named: section.recipe)
    settings.stepCount = section.steps
    settings.batchCount = section.batch
    settings.windowTokenCount = section.window
    switch section.windows {
    case .anywhere: settings.windows = .anywhere
    case .documents:
      settings.windows = .documents
      settings.promptWeight = task.reply == nil ? nil : Float(section.promptWeight)
      settings.repeatLimit = section.repeatLimit
    }
    settings.seed = section.seed
    try settings.validate()
    return settings
  }

  func inputs(from receipts: [StageName: Receipt]) throws -> [Artifact] {
    receipts[.shard]?.outputs ?? []
  }

  func settings() throws -> [String: String] {
    [
      "preset": section.preset,
      "settings": try CanonicalJSON.text(try trainingSettings()),
      "reply": try CanonicalJSON.text(task.reply),
      "vocabulary": try CanonicalJSON.text(section.vocabulary),
      // Kernels for another processor round otherwise, so their results are other results.
      "instructionSet": TrainingHost.instructionSetName,
    ]
  }

  func perform(inputs: [Artifact], progress: ProgressSink) async throws -> StepOutcome {
    let settings = try trainingSettings()
    let vocabulary = try vocabulary()
    let run = TrainingRun(
      shape: try AtomeShape.preset(section.preset), settings: settings,
      data: try trainingData(settings, vocabulary), output: output, threadCount: threadCount)
    let result = try await run.run(progress: TrainingProgress(progress).callAsFunction)
    return StepOutcome(
      outputs: [try workspace.artifact(.checkpoint, at: output)],
      summary: "\(result.heldOutBitsPerByte.rounded(toPlaces: 3)) bits per byte on held-out text · "
        + "\(ReadableUnits.count(run.shape.parameterCount)) parameters",
      figures: figures(of: result))
  }

  private func trainingData(_ settings: TrainingSettings, _ vocabulary: Vocabulary) throws -> TrainingData {
    let encoder = TokenEncoder(vocabulary)
    guard settings.windows == .documents else {
      let reader = try ShardReader(folder: shards)
      return try TrainingData(
        train: encoder.encode(try reader.content(of: .train)), heldOut: encoder.encode(try reader.content(of: .heldOut)),
        window: settings.windowTokenCount, vocabulary: vocabulary)
    }
    func documents(_ split: Split) throws -> ShardDocuments {
      try ShardDocuments(
        folder: shards, split: split, reply: task.reply,
        vocabularyID: vocabulary.isIdentity ? nil : try ContentID(ofCanonical: vocabulary.tokens),
        encode: encoder.encode)
    }
    return try TrainingData(
      train: try documents(.train), heldOut: try documents(.heldOut), window: settings.windowTokenCount,
      vocabulary: vocabulary)
  }

  /// Learned from the training documents, each as often as it was said, unless the recipe wants bytes.
  private func vocabulary() throws -> Vocabulary {
    guard case .learned(let marks) = section.vocabulary else { return .bytes }
    let reader = try ShardReader(folder: shards)
    let table = try reader.documentTable(of: .train)
    var learner = VocabularyLearner(marks: marks)
    for index in 0..<table.documentCount {
      let repeats = min(try table.document(at: index).repeats, section.repeatLimit)
      learner.add(document: try reader.text(ofDocument: index, in: .train), count: repeats)
    }
    return try learner.learned()
  }

  private func figures(of result: TrainingResult) -> [String: Double] {
    var figures = ["heldOutBitsPerByte": result.heldOutBitsPerByte]
    figures["heldOutReplyBitsPerByte"] = result.heldOutReplyBitsPerByte
    return figures
  }
}
