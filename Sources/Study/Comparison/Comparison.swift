import Basics
import Firmware
import Formats
import Foundation
import Lineage
import Model
import Networks
import Training

/// Runs a comparison: times, tunes, trains and measures every contestant, and writes the report.
public struct Comparison: Sendable {
  /// How far it is, for a person.
  public struct Progress: Sendable {
    public var phase: String
    public var doneStepCount: Int
    public var totalStepCount: Int
    public var note: String
  }

  public static let resamples = 10_000

  let plan: ComparisonPlan
  let board: TargetBoard
  let costs: EngineCosts
  let folder: String
  private let runner: JobRunner

  public init(
    plan: ComparisonPlan, board: TargetBoard, costs: EngineCosts, folder: String, threadCount: Int?,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.plan = plan
    self.board = board
    self.costs = costs
    self.folder = folder
    runner = JobRunner(
      folder: folder, width: threadCount ?? ProcessInfo.processInfo.activeProcessorCount,
      progress: { now in
        progress(
          Progress(
            phase: now.phase, doneStepCount: now.doneStepCount, totalStepCount: now.totalStepCount, note: now.note))
      })
  }

  var seeds: [UInt64] { (0..<UInt64(plan.seedCount)).map { $0 } }

  /// - Throws: `HintedError` when a training diverges or the folder cannot be written; `CancellationError`.
  public func run() async throws -> ComparisonReport {
    let data = try ComparisonData(plan.text, window: plan.window)
    let groups = try plan.groups()
    let shapes = Self.distinct(groups.flatMap(\.members).map(\.shape))
    let timing =
      plan.hasEqualTime
      ? try StepTiming.measured(shapes, plan.settings, data: data.validation, folder: folder) : nil
    var sections = plan.hasPublished ? [try await published()] : []
    let tuned =
      plan.isTuned
      ? try await RateSearch(settings: plan.settings, data: data, runner: runner).factors(of: shapes) : [:]
    let factors = tuned.mapValues(\.0)
    for (title, members) in groups {
      let note = Self.notes[title] ?? "chosen on the command line"
      let entries = members.map { Entry($0, settings: settings($0, factors), stepMilliseconds: timing.map(time($0))) }
      sections.append(try await section(title, note: note, entries, data.test))
    }
    if let timing { sections.append(try await equalTime(groups, factors, timing, data.test)) }
    if plan.hasAblations { sections.append(try await ablations(groups, factors, data.test)) }
    return report(sections, data.test, shapes.compactMap { tuned[$0]?.1 })
  }

  private static let notes = [
    "Equal parameters": "as many parameters, the same steps and bytes",
    "Equal flash": "baselines whose flash is nearest, not below; the same steps and bytes",
  ]

  private static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// The plan's settings with the shape's own rates.
  private func settings(_ contestant: Contestant, _ factors: [StudentShape: RateFactors]) -> TrainingSettings {
    var settings = (factors[contestant.shape] ?? RateFactors()).applied(to: plan.settings)
    settings.ablation = contestant.ablation
    if let window = contestant.window {
      settings.batchCount = max(1, settings.batchCount * settings.windowTokenCount / window)
      settings.windowTokenCount = window
    }
    return settings
  }

  private func report(_ sections: [ComparisonReport.Section], _ data: TrainingData, _ tuning: [RateSearch.Outcome])
    -> ComparisonReport
  {
    ComparisonReport(
      text: plan.textName, textID: ContentID(of: plan.text), trainWindowCount: data.trainWindowCount,
      testWindowCount: data.heldOutWindowCount, windowTokenCount: plan.window, recipe: plan.settings.recipe,
      stepCount: plan.settings.stepCount, batchCount: plan.settings.batchCount, seeds: seeds,
      instructionSet: TrainingHost.instructionSetName, board: board.title, tuning: tuning, sections: sections)
  }
}

// MARK: - Sections

extension Comparison {
  /// The published recipe and its split: the last tenth of the windows held out, no validation.
  private func published() async throws -> ComparisonReport.Section {
    var settings = TrainingSettings.published
    settings.windowTokenCount = plan.window
    settings.batchCount = plan.settings.batchCount
    settings.stepCount = plan.settings.stepCount
    settings.evaluationInterval = settings.stepCount
    let data = try TrainingData(text: plan.text, window: plan.window)
    let entries = try plan.contestants(plan.contestants.published).map { Entry($0, settings: settings) }
    return try await section(
      "Published recipe", note: "everyone at the published, untuned rate; the last tenth held out", entries, data)
  }

  /// The first contestant, and the others with as many steps as take as long.
  private func equalTime(
    _ groups: [(title: String, members: [Contestant])], _ factors: [StudentShape: RateFactors], _ timing: StepTiming,
    _ data: TrainingData
  ) async throws -> ComparisonReport.Section {
    let members = Self.distinct(groups.flatMap(\.members))
    let entries = members.map { member in
      var settings = settings(member, factors)
      let ratio = time(members[0])(timing) / time(member)(timing)
      settings.stepCount = max(1, Int((Double(settings.stepCount) * ratio).rounded()))
      settings.warmUpStepCount = min(settings.warmUpStepCount, settings.stepCount)
      settings.evaluationInterval = settings.stepCount
      return Entry(member, settings: settings, stepMilliseconds: time(member)(timing))
    }
    return try await section(
      "Equal training time", note: "steps scaled by the time of a step, measured in this folder's first run", entries,
      data)
  }

  private func ablations(
    _ groups: [(title: String, members: [Contestant])], _ factors: [StudentShape: RateFactors], _ data: TrainingData
  ) async throws -> ComparisonReport.Section {
    guard let first = groups.first?.members.first, let shape = first.shape.shape as? AtomeShape else {
      throw HintedError(
        "--ablate varies the first contestant, which is no atome model", hint: "name an atome model first",
        status: .usage)
    }
    let entries = Ablations.contestants(of: shape, named: first.name, window: plan.window).map { member in
      var rates = factors
      rates[member.shape] = factors[first.shape]
      return Entry(member, settings: settings(member, rates))
    }
    return try await section(
      "Ablations", note: "one thing changed at a time, at the whole model's learning rates", entries, data)
  }

  private func time(_ contestant: Contestant) -> (StepTiming) -> Double {
    { $0.milliseconds[StepTiming.name(contestant.shape, plan.settings)] ?? .nan }
  }

  /// A contestant with all that it is trained with but the seed.
  private struct Entry {
    var contestant: Contestant
    var settings: TrainingSettings
    var stepMilliseconds: Double?

    init(_ contestant: Contestant, settings: TrainingSettings, stepMilliseconds: Double? = nil) {
      self.contestant = contestant
      self.settings = settings
      self.stepMilliseconds = stepMilliseconds
    }
  }

  private func section(_ title: String, note: String, _ entries: [Entry], _ data: TrainingData) async throws
    -> ComparisonReport.Section
  {
    let datas = try entries.map { try self.data($0, data) }
    let jobs = zip(entries, datas).flatMap { entry, data in
      seeds.map { seed in
        var settings = entry.settings
        settings.seed = seed
        return TrainingJob(shape: entry.contestant.shape, settings: settings, data: data)
      }
    }
    let results = try await runner.results(of: jobs, phase: title.lowercased())
    var rows: [ComparisonReport.Row] = []
    var first: [[Double]] = []
    for (index, (entry, data)) in zip(entries, datas).enumerated() {
      let own = Array(results[(index * seeds.count)..<((index + 1) * seeds.count)])
      let nats = own.map { $0.windowNats(entry.contestant.form) }
      if index == 0 { first = nats }
      // Windows of another length are other units: such rows are shown, not paired.
      let isPaired = index > 0 && entry.contestant.window == nil
      rows.append(
        try row(
          entry, own, nats.map(data.bitsPerByte), isPaired ? Self.difference(nats, first, data.windowTokenCount) : nil))
    }
    return ComparisonReport.Section(title: title, note: note, rows: rows)
  }

  /// The data of contestants with a window of their own: the same text, the same borders as near as windows allow.
  private func data(_ entry: Entry, _ data: TrainingData) throws -> TrainingData {
    guard let window = entry.contestant.window else { return data }
    return try TrainingData(train: data.train, heldOut: data.heldOut, window: window)
  }

  private func row(
    _ entry: Entry, _ results: [JobResult], _ bits: [Double], _ difference: ComparisonReport.Difference?
  ) throws -> ComparisonReport.Row {
    let shape = entry.contestant.shape
    let cost = try ContestantCost(
      entry.contestant, flashByteCount: results[0].flashByteCount, on: board, costs,
      window: entry.settings.windowTokenCount)
    return ComparisonReport.Row(
      name: entry.contestant.name, shape: shape.text, parameterCount: shape.parameterCount,
      flashByteCount: cost.flashByteCount, ramByteCount: cost.ramByteCount, instructionCount: cost.instructionCount,
      stepCount: entry.settings.stepCount, learningRate: entry.settings.learningRate,
      muonLearningRate: entry.settings.muon?.learningRate, stepMilliseconds: entry.stepMilliseconds, bitsPerByte: bits,
      difference: difference)
  }

  static func difference(_ nats: [[Double]], _ first: [[Double]], _ window: Int) -> ComparisonReport.Difference? {
    let bitsPerNat = 1 / (0.693_147_180_559_945_3 * Double(window - 1))
    let values = zip(nats, first).map { own, other in zip(own, other).map { ($0 - $1) * bitsPerNat } }
    guard let paired = PairedDifferences(values) else { return nil }
    return ComparisonReport.Difference(
      mean: paired.mean, interval: paired.interval(resamples: resamples, seed: 0))
  }
}
