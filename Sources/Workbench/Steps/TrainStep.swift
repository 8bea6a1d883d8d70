import Basics
import Formats
import Lineage
import Networks
import Training

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
      "reply": try CanonicalJSON.text(task),
      // Kernels for another processor round otherwise, so their results are other results.
      "instructionSet": TrainingHost.instructionSetName,
    ]
  }

  func perform(inputs: [Artifact], progress: ProgressSink) async throws -> StepOutcome {
    let settings = try trainingSettings()
    let run = TrainingRun(
      shape: try AtomeShape.preset(section.preset), settings: settings,
      data: try trainingData(settings), output: output, threadCount: threadCount)
    let result = try await run.run(progress: TrainingProgress(progress).callAsFunction)
    return StepOutcome(
      outputs: [try workspace.artifact(.checkpoint, at: output)],
      summary: "\(result.heldOutBitsPerByte.rounded(toPlaces: 3)) bits per byte on held-out text · "
        + "\(ReadableUnits.count(run.shape.parameterCount)) parameters",
      figures: figures(of: result))
  }

  private func trainingData(_ settings: TrainingSettings) throws -> TrainingData {
    guard settings.windows == .documents else {
      let reader = try ShardReader(folder: shards)
      return try TrainingData(
        train: try reader.content(of: .train), heldOut: try reader.content(of: .heldOut),
        window: settings.windowTokenCount)
    }
    return try TrainingData(
      train: try ShardDocuments(folder: shards, split: .train, reply: task.reply),
      heldOut: try ShardDocuments(folder: shards, split: .heldOut, reply: task.reply),
      window: settings.windowTokenCount)
  }

  private func figures(of result: TrainingResult) -> [String: Double] {
    var figures = ["heldOutBitsPerByte": result.heldOutBitsPerByte]
    figures["heldOutReplyBitsPerByte"] = result.heldOutReplyBitsPerByte
    return figures
  }
}
