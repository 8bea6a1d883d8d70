import Basics
import Foundation
import Lineage
import Yams

/// Many trainings, as the product of what varies: specified in docs/formats/sweep.md.
public struct SweepFile: Hashable, Sendable {
  public static let schema = "alambic.sweep/1"
  /// The most trainings of one file.
  public static let trainingLimit = 100_000

  /// What is learned from and measured on.
  public struct Source: Hashable, Sendable {
    /// As the file says it: from the file's folder, unless it is absolute.
    public var name: String
    public var path: String
    /// Whole lines are documents.
    public var hasLines: Bool
    public var heldOut: String?
    public var reply: ReplyBoundary?
  }

  /// Successive halving: the worse part of a group stops early.
  public struct Rungs: Hashable, Codable, Sendable {
    /// Which trainings are compared with each other.
    public enum Among: String, CaseIterable, Codable, Sendable {
      /// Those of one shape on the same data.
      case shape
      /// All on the same data.
      case data
    }
    /// One of so many goes on.
    public var eta: Int
    /// The most steps of a group's trainings together.
    public var budget: Int
    public var among: Among

    package init(eta: Int, budget: Int, among: Among) {
      (self.eta, self.budget, self.among) = (eta, budget, among)
    }
  }

  public var name: String
  public var data: [Source]
  /// Presets and dimensions, with forms, as comparisons name contestants.
  public var shapes: [String]
  public var recipes: [String]
  /// Multiples of the recipe's learning rates.
  public var rates: [Double]
  public var vocabularies: [Recipe.VocabularyChoice]
  public var windows: [Int]
  public var batches: [Int]
  public var steps: [Int]
  /// Evaluations in a row without a new best that end a training; nil for one that does all steps.
  public var patiences: [Int?]
  /// Steps between two evaluations of a training with patience.
  public var evaluationInterval: Int
  public var seeds: [UInt64]
  /// The only kernels that may train; nil takes each processor's best.
  public var instructionSet: String?
  public var rungs: Rungs?

  /// - Throws: `HintedError` with file, key and line, for anything that is missing, unknown, mistyped or out of range.
  public init(reading path: String) throws {
    try self.init(parsing: YAMLText.read(path), name: path)
  }

  /// - Parameter name: the file's path, for messages, and for what it names from its folder.
  public init(parsing text: String, name file: String) throws {
    var top = try YAMLText.mapping(text, name: file)
    try top.checkSchema(Self.schema)
    name = try top.name()
    let base = TrainingSettings.self
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    data = try top.required("data").listed { try $0.source(from: folder) }
    shapes = try top.required("shapes").listed { try $0.text() }
    recipes = try top.optional("recipes")?.listed { try $0.text() } ?? ["default"]
    rates = try top.optional("rates")?.listed { try $0.number(in: 0.001...1000) } ?? [1]
    vocabularies = try top.optional("vocabularies")?.listed { try $0.vocabularyChoice() } ?? [.bytes]
    windows = try top.optional("windows")?.listed { try $0.integer(in: base.windowTokenCounts) } ?? [64]
    batches = try top.optional("batches")?.listed { try $0.integer(in: base.batchCounts) } ?? [16]
    steps = try top.required("steps").listed { try $0.integer(in: base.stepCounts) }
    let patience = top.optional("patience")
    patiences = try patience?.listed { Optional(try $0.integer(in: base.patiences)) } ?? [nil]
    let interval = top.optional("evaluateEvery")
    evaluationInterval = try interval?.integer(in: base.evaluationIntervals) ?? Self.usualEvaluationInterval
    if let interval, patience == nil {
      throw interval.place.error("is for a sweep with 'patience'", hint: "add 'patience: 3', or leave it out")
    }
    seeds = try top.optional("seeds")?.listed { try $0.seed() } ?? [0]
    instructionSet = try top.optional("instructionSet")?.choice(of: Self.instructionSets)
    rungs = try top.optional("rungs")?.rungs()
    try top.finish()
    guard trainingCount <= Self.trainingLimit else {
      throw HintedError(
        "\(file): \(ReadableUnits.count(trainingCount)) trainings are more than "
          + ReadableUnits.count(Self.trainingLimit), hint: "name fewer values, or write several files")
    }
  }

  /// As recipes have it.
  static let usualEvaluationInterval = 500
  /// As kernels are called.
  static let instructionSets = ["baseline", "avx2", "avx512"]

  /// How many trainings the product has; those that are equal count each.
  public var trainingCount: Int {
    let counts = [
      data.count, shapes.count, recipes.count, rates.count, vocabularies.count, windows.count, batches.count,
      steps.count, patiences.count, seeds.count,
    ]
    return counts.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? Int.max : $0 * $1 }
  }
}

extension YAMLValue {
  /// One value, or a list of different ones.
  fileprivate func listed<Value: Hashable>(_ read: (YAMLValue) throws -> Value) throws -> [Value] {
    guard isList else { return [try read(self)] }
    var values: [Value] = []
    for item in try items() {
      let value = try read(item)
      guard !values.contains(value) else { throw item.place.error("stands twice", hint: "leave one of them out") }
      values.append(value)
    }
    return values
  }

  private var isList: Bool { node.sequence != nil }

  /// A path, or a path with what is held out.
  fileprivate func source(from folder: URL) throws -> SweepFile.Source {
    func absolute(_ path: String) -> String {
      URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
    }
    guard isMapping else {
      let path = try text()
      return SweepFile.Source(name: path, path: absolute(path), hasLines: false, heldOut: nil, reply: nil)
    }
    var mapping = try mapping()
    let path = try mapping.required("path").text()
    let source = SweepFile.Source(
      name: path, path: absolute(path),
      hasLines: try mapping.optional("split")?.choice(of: ["lines", "documents"]) == "lines",
      heldOut: try mapping.optional("heldOut").map { absolute(try $0.text()) },
      reply: try mapping.optional("reply")?.replyBoundary())
    try mapping.finish()
    guard !source.hasLines || source.heldOut == nil else {
      throw place.error("has both 'heldOut' and 'split: lines'", hint: "leave one of them out")
    }
    return source
  }

  fileprivate func rungs() throws -> SweepFile.Rungs {
    var mapping = try mapping()
    let rungs = SweepFile.Rungs(
      eta: try mapping.optional("eta")?.integer(in: 2...64) ?? 3,
      budget: try mapping.required("budget").integer(in: 1...1_000_000_000_000),
      among: try mapping.optional("among")?.choice(SweepFile.Rungs.Among.self) ?? .shape)
    try mapping.finish()
    return rungs
  }
}
