import Basics
import Lineage
import Networks

/// What a student is for, and how it is trained. Limits are the trainer's own, so that a recipe which is read is one
/// that can be followed.
extension YAMLValue {
  func task() throws -> Recipe.Task {
    var mapping = try mapping()
    let task = Recipe.Task(
      reply: try mapping.optional("reply")?.replyBoundary(), examination: try mapping.examination())
    try mapping.finish()
    if task.examination != nil, task.reply == nil {
      throw place.error("has a judge, but lacks the key 'reply'", hint: "say where a document's reply begins")
    }
    return task
  }

  /// `after-first-line`, or a mark.
  func replyBoundary() throws -> ReplyBoundary {
    if isScalar {
      _ = try choice(of: ["after-first-line"])
      return .afterFirstLine
    }
    var mapping = try mapping()
    let mark = try mapping.required("mark").text()
    try mapping.finish()
    return .after(mark: mark)
  }

  func training() throws -> Recipe.Training {
    var mapping = try mapping()
    let defaults = Recipe.Training()
    let promptWeights = TrainingSettings.promptWeights
    let segmentationDropouts = TrainingSettings.segmentationDropouts
    let twinShares = TrainingSettings.twinShares
    let training = Recipe.Training(
      preset: try mapping.optional("preset")?.student() ?? defaults.preset,
      steps: try mapping.optional("steps")?.integer(in: TrainingSettings.stepCounts) ?? defaults.steps,
      batch: try mapping.optional("batch")?.integer(in: TrainingSettings.batchCounts) ?? defaults.batch,
      window: try mapping.optional("window")?.integer(in: TrainingSettings.windowTokenCounts) ?? defaults.window,
      windows: try mapping.optional("windows")?.choice(Recipe.Windows.self) ?? defaults.windows,
      promptWeight: try mapping.optional("promptWeight")?.number(
        in: Double(promptWeights.lowerBound)...Double(promptWeights.upperBound)) ?? defaults.promptWeight,
      repeatLimit: try mapping.optional("repeatLimit")?.integer(in: TrainingSettings.repeatLimits)
        ?? defaults.repeatLimit,
      vocabulary: try mapping.optional("vocabulary")?.vocabularyChoice() ?? defaults.vocabulary,
      segmentationDropout: try mapping.optional("segmentationDropout")?.number(
        in: Double(segmentationDropouts.lowerBound)...Double(segmentationDropouts.upperBound)),
      twin: try mapping.optional("twin")?.number(in: Double(twinShares.lowerBound)...Double(twinShares.upperBound)),
      patience: try mapping.optional("patience")?.integer(in: TrainingSettings.patiences),
      softLabels: try mapping.optional("softLabels")?.softLabels(),
      noise: try mapping.optional("noise")?.typingNoise() ?? defaults.noise,
      recipe: try mapping.optional("recipe")?.choice(of: ["default", "published", "adamw", "compact"])
        ?? defaults.recipe,
      seed: try mapping.optional("seed")?.seed() ?? defaults.seed)
    try mapping.finish()
    if training.softLabels != nil, training.twin != nil || training.segmentationDropout != nil {
      throw place.error(
        "has 'softLabels' beside 'twin' or 'segmentationDropout'",
        hint: "soft labels are of one segmentation, and a student has one teacher")
    }
    return training
  }

  private func softLabels() throws -> Recipe.SoftLabels {
    var mapping = try mapping()
    let (defaults, shares) = (Recipe.SoftLabels(), TrainingSettings.softShares)
    let labels = Recipe.SoftLabels(
      from: try mapping.required("from").text(),
      share: try mapping.optional("share")?.number(in: Double(shares.lowerBound)...Double(shares.upperBound))
        ?? defaults.share)
    try mapping.finish()
    return labels
  }

  /// A preset's name, or a compact student's dimensions.
  private func student() throws -> String {
    let text = try text()
    guard !CompactShape.claims(text) else { return try CompactShape(parsing: text).presetName }
    return try choice(of: AtomeShape.presetNames + CompactShape.presetNames)
  }

  private func typingNoise() throws -> TypingNoise {
    var mapping = try mapping()
    func share(_ key: String) throws -> Double { try mapping.optional(key)?.number(in: 0...1) ?? 0 }
    let noise = TypingNoise(
      typo: try share("typo"), unpunctuated: try share("unpunctuated"), capitalized: try share("capitalized"),
      upper: try share("upper"))
    try mapping.finish()
    return noise
  }

  /// `bytes`, `learned`, or `learned` with marks and a limit.
  func vocabularyChoice() throws -> Recipe.VocabularyChoice {
    if isScalar { return try choice(of: ["bytes", "learned"]) == "bytes" ? .bytes : .learned(marks: []) }
    var mapping = try mapping()
    var learned = try mapping.required("learned").mapping()
    let marks = try learned.optional("marks")?.texts() ?? []
    let strings = try learned.optional("strings")?.integer(in: Recipe.VocabularyChoice.stringLimits)
    try learned.finish()
    try mapping.finish()
    return .learned(marks: marks, strings: strings)
  }
}
