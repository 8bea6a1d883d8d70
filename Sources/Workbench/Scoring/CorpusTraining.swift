import Basics
import Evaluation
import Formats
import Lineage
import Networks
import Training
import Typing
import Vocabularies

/// How a recipe trains on a shard set: the settings, the vocabulary and the data, for the student and for baselines.
struct CorpusTraining: Sendable {
  let section: Recipe.Training
  let reply: ReplyBoundary?
  /// Who says the soft labels that the recipe wants.
  var softTeacher: SoftTeacher?

  /// The student's shape, of whichever architecture.
  func shape() throws -> any TrainableShape {
    let shape = try Architectures.shape(preset: section.preset, window: section.window)
    guard let student = shape as? any TrainableShape else {
      throw HintedError("nothing here trains the preset \(section.preset)", status: .internalFault)
    }
    return student
  }

  var isCompact: Bool { (try? shape()) is CompactShape }

  /// - Parameter architecture: the student's unless a baseline is trained.
  func settings(for architecture: Architecture? = nil) throws -> TrainingSettings {
    let architecture = try architecture ?? type(of: shape()).architecture
    var settings = try TrainingSettings.recipe(named: section.recipe, for: architecture)
    settings.stepCount = section.steps
    settings.batchCount = section.batch
    settings.windowTokenCount = section.window
    switch section.windows {
    case .anywhere: settings.windows = .anywhere
    case .documents:
      settings.windows = .documents
      settings.promptWeight = reply == nil ? nil : Float(section.promptWeight)
      settings.repeatLimit = section.repeatLimit
    }
    settings.segmentationDropout = section.segmentationDropout.map(Float.init)
    // A baseline in floats is its own twin.
    settings.twinShare = architecture == .gpt ? nil : section.twin.map(Float.init)
    settings.patience = section.patience
    settings.seed = section.seed
    try settings.validate()
    return settings
  }

  /// Learned from the training documents, each as often as it was said, unless the recipe wants bytes.
  /// - Parameter shards: the folder of the shard set.
  func vocabulary(_ shards: String) throws -> Vocabulary {
    try section.vocabulary.vocabulary(ofShards: shards, repeatLimit: section.repeatLimit)
  }

  /// What the teacher says about the documents, in a file beside their chunks; nil where the recipe wants none.
  func softLabels(_ shards: String, of data: TrainingData) throws -> SoftLabels? {
    try softTeacher?.labels(of: data, reply: reply, at: "\(shards)/soft-labels.bin")
  }

  func data(_ shards: String, _ vocabulary: Vocabulary) throws -> TrainingData {
    guard section.windows == .documents else {
      return try TrainingData(shards: shards, window: section.window, vocabulary: vocabulary)
    }
    return try TrainingData(
      train: try documents(shards, .train, vocabulary, variation: variation(shards)),
      heldOut: try documents(shards, .heldOut, vocabulary, variation: nil),
      window: section.window, vocabulary: vocabulary)
  }

  private func documents(
    _ shards: String, _ split: Split, _ vocabulary: Vocabulary, variation: ShardDocuments.Variation?
  ) throws -> ShardDocuments {
    try ShardDocuments(
      folder: shards, split: split, reply: reply, vocabularyID: vocabulary.id, variation: variation,
      encode: TokenEncoder(vocabulary).encode)
  }

  /// Requests are mistyped anew each time that training meets them, as often as the recipe says.
  private func variation(_ shards: String) throws -> ShardDocuments.Variation? {
    guard let reply, !section.noise.isSilent else { return nil }
    let requests = try RequestSurvey(shards: shards, boundary: reply)
    let typing = CarelessTyping(section.noise, typist: Typist(knownWords: requests.words, care: .otherWords))
    let frame = requests.frame
    return ShardDocuments.Variation(id: try ContentID(ofCanonical: section.noise)) { prompt, random in
      let (start, end) = (frame.prefix.utf8.count, prompt.count - frame.suffix.utf8.count)
      guard start < end else { return prompt }
      return prompt[..<start] + typing.mistyped(Array(prompt[start..<end]), with: &random) + prompt[end...]
    }
  }
}
