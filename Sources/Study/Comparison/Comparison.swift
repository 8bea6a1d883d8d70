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
  let threadCount: Int?
  let runner: JobRunner

  public init(
    plan: ComparisonPlan, board: TargetBoard, costs: EngineCosts, folder: String, threadCount: Int?,
    progress: @escaping @Sendable (Progress) -> Void
  ) {
    self.plan = plan
    self.board = board
    self.costs = costs
    self.folder = folder
    self.threadCount = threadCount
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
    try plan.check()
    let data = try ComparisonData(plan.source, window: plan.window)
    let groups = try plan.groups()
    let peers = try await peers(on: data.testText)
    let shapes = Self.distinct(groups.flatMap(\.members).map(\.shape))
    let timing =
      plan.hasEqualTime
      ? try StepTiming.measured(shapes, plan.settings, data: data.validation ?? data.test, folder: folder) : nil
    var sections = plan.hasPublished ? [try await published(data.test.vocabulary)] : []
    let tuned = try await tuned(shapes, data)
    let factors = tuned.mapValues(\.0)
    for (title, members) in groups {
      let note = Self.notes[title] ?? "chosen on the command line"
      let entries = members.map { Entry($0, settings: settings($0, factors), stepMilliseconds: timing.map(time($0))) }
      sections.append(try await section(title, note: note, entries, data))
    }
    if let timing { sections.append(try await equalTime(groups, factors, timing, data)) }
    if plan.hasAblations { sections.append(try await ablations(groups, factors, data)) }
    var report = try report(sections, MeasuredData(data.test), shapes.compactMap { tuned[$0]?.1 })
    report.peers = peers.isEmpty ? nil : peers
    return report
  }

  private static let notes = [
    "Equal parameters": "as many parameters, the same steps and bytes",
    "Equal flash": "plain GPTs of as much flash, within 2 % and not above; the same steps and bytes",
    "Ternary": "the ternary student that was made for as much flash, which it exceeds; the same steps and bytes",
  ]

  /// Measured first, so that a file that cannot be costs no training.
  private func peers(on text: [UInt8]) async throws -> [ComparisonReport.Peer] {
    var measured: [ComparisonReport.Peer] = []
    for peer in plan.peers {
      measured.append(try await peer.measured(on: text, board: board, costs, threadCount: threadCount))
    }
    return measured
  }

  private func tuned(
    _ shapes: [StudentShape], _ data: ComparisonData
  ) async throws -> [StudentShape: (RateFactors, RateSearch.Outcome)] {
    guard plan.isTuned, let validation = data.validation else { return [:] }
    return try await RateSearch(settings: plan.settings, data: validation, runner: runner).factors(of: shapes)
  }

  static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }

  /// The plan's settings with the shape's own rates.
  func settings(_ contestant: Contestant, _ factors: [StudentShape: RateFactors]) -> TrainingSettings {
    var settings = (factors[contestant.shape] ?? RateFactors()).applied(to: plan.settings)
    settings.ablation = contestant.ablation
    if let window = contestant.window {
      settings.batchCount = max(1, settings.batchCount * settings.windowTokenCount / window)
      settings.windowTokenCount = window
    }
    return settings
  }

  private func report(
    _ sections: [ComparisonReport.Section], _ measured: MeasuredData, _ tuning: [RateSearch.Outcome]
  ) throws -> ComparisonReport {
    let data = measured.data
    var report = ComparisonReport(
      text: plan.sourceName, textID: plan.sourceID, isCorpus: plan.isCorpus, windowTokenCount: plan.window,
      bytesPerToken: measured.bytesPerToken, unknownByteCount: try data.heldOutUnknownByteCount(),
      recipe: plan.settings.recipe, stepCount: plan.settings.stepCount, batchCount: plan.settings.batchCount,
      seeds: seeds, instructionSet: TrainingHost.instructionSetName, board: board.title, tuning: tuning,
      sections: sections)
    report.vocabulary = VocabularySummary(data.vocabulary)
    switch data.content {
    case .text:
      (report.trainWindowCount, report.testWindowCount) = (data.trainWindowCount, data.heldOutWindowCount)
    case .documents(let train, let heldOut):
      (report.trainDocumentCount, report.testDocumentCount) = (train.documentCount, heldOut.documentCount)
    }
    return report
  }
}
