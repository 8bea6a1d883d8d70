import Basics
import Formats
import Foundation
import Kernels
import Lineage
import Networks
import Training
import Workbench

/// The trainings of a sweep's file, each with all that decides it.
public struct SweepPlan: Sendable {
  /// All that is trained alike but for the seed: a row of the table.
  struct Configuration: Sendable {
    var contestant: Contestant
    /// As the file says them.
    var data: String
    var recipe: String
    var rate: Double
    var vocabulary: Recipe.VocabularyChoice
    var window: Int
    var batch: Int
    var steps: Int
    /// Nil for a training that does all steps.
    var patience: Int?
    /// Without seeds.
    var flashByteCount: Int
    /// In the order of the file's seeds.
    var trainings: [SweepTraining]
  }

  public let file: SweepFile
  /// The kernels' name: what the file pins, or this processor's best; after a merge, what trained elsewhere.
  var instructionSet: String
  let configurations: [Configuration]
  /// What is trained, and dealt to parts, together.
  let groups: [SweepGroup]

  public var name: String { file.name }

  /// Reads the file and all its data.
  /// - Throws: `HintedError` for a file that cannot be followed, or data that is missing.
  public init(reading path: String) throws {
    try self.init(try SweepFile(reading: path), path: path)
  }

  init(_ file: SweepFile, path: String) throws {
    self.file = file
    instructionSet = file.instructionSet ?? InstructionSet.best.rawValue
    do {
      configurations = try Self.configurations(of: file)
      groups = try SweepGroup.groups(of: configurations, rungs: file.rungs)
    } catch let error as HintedError where error.status == .usage {
      throw HintedError("\(path): \(error.message)", hint: error.hint, status: .badData)
    }
  }

  /// What a sweep of this file is made of: equal ids, equal results on equal kernels.
  func inputs() throws -> ContentID {
    struct Inputs: Encodable {
      var schema = "alambic.sweep.inputs/1"
      var trainings: [[ContentID]]
      var rungs: SweepFile.Rungs?
      var instructionSet: String?
    }
    return try ContentID(
      ofCanonical: Inputs(
        trainings: configurations.map { $0.trainings.map(\.id) }, rungs: file.rungs,
        instructionSet: file.instructionSet))
  }

  /// The kernels of all its trainings.
  /// - Throws: `HintedError` for those that this processor lacks.
  func kernels() throws -> InstructionSet {
    guard let set = InstructionSet(rawValue: instructionSet), InstructionSet.available.contains(set) else {
      throw HintedError(
        "the sweep \(name) trains by \(instructionSet), which this processor lacks: it has "
          + InstructionSet.available.map(\.rawValue).joined(separator: ", "),
        hint: "train on another machine, or pin a set that all of them have", status: .unavailable)
    }
    return set
  }

  // MARK: - Expanding

  private static func configurations(of file: SweepFile) throws -> [Configuration] {
    var configurations: [Configuration] = []
    var seen: [ContentID: String] = [:]
    for source in file.data {
      for vocabulary in file.vocabularies {
        for window in file.windows {
          let data = try SweepData(source, vocabulary, window: window)
          if let other = seen[data.content.id] {
            throw HintedError(
              "\(source.name) and \(other) hold the same text", hint: "leave one of them out", status: .badData)
          }
          seen[data.content.id] = source.name
          configurations += try self.configurations(of: file, source, vocabulary, window, data)
        }
      }
    }
    return configurations
  }

  private static func configurations(
    of file: SweepFile, _ source: SweepFile.Source, _ vocabulary: Recipe.VocabularyChoice, _ window: Int,
    _ data: SweepData
  ) throws -> [Configuration] {
    try Contestant.list(parsing: file.shapes, window: window).flatMap { contestant in
      try file.recipes.flatMap { recipe in
        try file.rates.flatMap { rate in
          try file.batches.flatMap { batch in
            try file.steps.flatMap { steps in
              try file.patiences.map { patience in
                var configuration = Configuration(
                  contestant: contestant, data: source.name, recipe: recipe, rate: rate, vocabulary: vocabulary,
                  window: window, batch: batch, steps: steps, patience: patience,
                  flashByteCount: contestant.shape.shape.flashByteCount(contestant.form) + data.vocabularyByteCount,
                  trainings: [])
                let settings = try self.settings(configuration, of: file, isOfReplies: source.reply != nil)
                configuration.trainings = try file.seeds.map { seed in
                  var settings = settings
                  settings.seed = seed
                  return try SweepTraining(shape: contestant.shape, settings: settings, data: data)
                }
                return configuration
              }
            }
          }
        }
      }
    }
  }

  private static func settings(
    _ one: Configuration, of file: SweepFile, isOfReplies: Bool
  ) throws -> TrainingSettings {
    let shape = one.contestant.shape.shape
    var settings = try TrainingSettings.recipe(named: one.recipe, for: type(of: shape).architecture)
    settings = RateFactors(adam: Float(one.rate), muon: Float(one.rate)).applied(to: settings)
    if isOfReplies { settings = settings.learningReplies() }
    settings.stepCount = one.steps
    settings.batchCount = one.batch
    settings.windowTokenCount = one.window
    settings.warmUpStepCount = min(settings.warmUpStepCount, one.steps)
    // Without patience, measured once, after the last step.
    settings.evaluationInterval = one.patience == nil ? one.steps : file.evaluationInterval
    settings.patience = one.patience
    settings.weights = one.contestant.shape.weights
    try settings.validate()
    try shape.check(windowTokenCount: one.window)
    return settings
  }
}

extension SweepPlan {
  /// All trainings, equal ones once, in the file's order.
  var trainings: [SweepTraining] {
    var seen: Set<ContentID> = []
    return configurations.flatMap(\.trainings).filter { seen.insert($0.id).inserted }
  }

  /// The same as another machine trained it.
  func trained(by instructionSet: String) -> SweepPlan {
    var plan = self
    plan.instructionSet = instructionSet
    return plan
  }

  func groups(of part: Part?) -> [SweepGroup] { groups.filter { part?.holds($0.id) ?? true } }
}

/// What trainings learn from and are measured on, in one window and vocabulary.
struct SweepData: Sendable {
  var content: TrainingData
  /// Of all that is held out.
  var heldOutByteCount: Int
  var vocabularyByteCount: Int

  init(_ source: SweepFile.Source, _ vocabulary: Recipe.VocabularyChoice, window: Int) throws {
    let place = TrainingSource(
      path: source.path, heldOut: source.heldOut, split: source.hasLines ? .lines : nil, reply: source.reply,
      vocabulary: vocabulary, window: window)
    guard !place.isShardSet || (source.heldOut == nil && !source.hasLines) else {
      throw HintedError(
        "data: \(source.name) is a folder of shards, which says itself what is held out",
        hint: "leave out 'heldOut' and 'split'", status: .usage)
    }
    guard place.isShardSet || source.reply == nil else {
      throw HintedError(
        "data: \(source.name) is a text, and only shards have replies", hint: "leave 'reply' out", status: .usage)
    }
    content = try place.content().data
    heldOutByteCount = try content.heldOutByteCounts().reduce(0, +)
    vocabularyByteCount = content.vocabulary.isIdentity ? 0 : VocabularyFile.write(content.vocabulary).count
  }
}
