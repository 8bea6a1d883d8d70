import Basics
import Formats
import Foundation
import Kernels
import Lineage
import Synchronization
import Training
import Workbench

/// Trains what a sweep's file names, one after the other, in a folder that a kill cannot spoil.
public struct Sweep: Sendable {
  /// How far it is, for a person.
  public struct Progress: Sendable {
    public var doneStepCount: Int
    public var totalStepCount: Int
    public var note: String
  }

  let plan: SweepPlan
  let folder: String
  let options: SweepOptions
  let progress: @Sendable (Progress) -> Void

  public init(
    _ plan: SweepPlan, workspace: Workspace, options: SweepOptions = SweepOptions(),
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.plan = plan
    folder = workspace.sweep(plan.name)
    self.options = options
    self.progress = progress
  }

  /// To look, and to write the table.
  init(_ plan: SweepPlan, folder: String) {
    (self.plan, self.folder, options, progress) = (plan, folder, SweepOptions(), { _ in })
  }

  var home: SweepFolder { SweepFolder(path: folder) }
  var instructionSet: String { plan.instructionSet }

  /// Trains all that is not finished, and writes the table.
  /// - Throws: `HintedError` when it is stopped, after saving; the same call goes on.
  public func run() async throws -> SweepTable {
    let lock = try FolderLock(folder, of: "the sweep \(plan.name)")
    defer { withExtendedLifetime(lock) {} }
    _ = try await train(plan.groups, in: home)
    return try writeTable()
  }

  /// - Returns: seconds that went into training and measuring.
  func train(_ groups: [SweepGroup], in folder: SweepFolder) async throws -> Double {
    let kernels = try plan.kernels()
    let known = try groups.map { try facts(of: $0, in: folder) }
    let isDone = zip(groups, known).map { $0.next($1) == nil }
    let tally = SweepTally(
      stepCount: zip(groups, isDone).filter { !$1 }.reduce(0) { $0 + $1.0.stepCount }, groupCount: groups.count,
      doneGroupCount: isDone.count { $0 }, report: progress)
    let clock = ContinuousClock()
    var seconds = 0.0
    for (index, group) in groups.enumerated() where !isDone[index] {
      var facts = known[index]
      while let (training, step) = group.next(facts) {
        try Task.checkCancellation()
        let start = clock.now
        try await perform(training, upTo: step, by: kernels, in: folder, tally)
        seconds += (clock.now - start) / Duration.seconds(1)
        facts = try self.facts(of: group, in: folder)
      }
      tally.finishGroup()
    }
    return seconds
  }

  private func perform(
    _ training: SweepTraining, upTo step: Int, by kernels: InstructionSet, in folder: SweepFolder, _ tally: SweepTally
  ) async throws {
    let output = folder.checkpoint(training.id)
    try AtomicFile.makeFolder(folder.training(training.id))
    let onStep: @Sendable (StepMetrics) -> Void = { _ in tally.addStep() }
    if step < training.settings.stepCount {
      let bits = try await training.rung(
        atStep: step, output, kernels, options, onStep: onStep)
      if let bits {
        return try folder.add(SweepRungs.Rung(step: step, bitsPerByte: bits), to: training.id, by: instructionSet)
      }
      return try folder.write(
        SweepResult(training: training.id, shape: training.shape.text, instructionSet: instructionSet))
    }
    try folder.write(try await training.result(output, kernels, options, onStep: onStep))
  }

  func facts(of group: SweepGroup, in folder: SweepFolder) throws -> [[SweepFacts]] {
    try group.arms.map { try $0.map { try folder.facts($0.id, by: instructionSet) } }
  }

  /// Writes all forms of the table, from what the folder knows.
  func writeTable() throws -> SweepTable {
    let table = try table()
    try AtomicFile.write(try CanonicalJSON.pretty(table), to: "\(folder)/sweep.json")
    try AtomicFile.write(table.markdown, to: "\(folder)/sweep.md")
    try AtomicFile.write(table.csv, to: "\(folder)/sweep.csv")
    try AtomicFile.write(table.svg, to: "\(folder)/sweep.svg")
    return table
  }
}

/// Counts steps and groups of a sweep under way.
private final class SweepTally: Sendable {
  private let stepCount: Int
  private let groupCount: Int
  private let report: @Sendable (Sweep.Progress) -> Void
  private let done: Mutex<(steps: Int, groups: Int)>

  init(
    stepCount: Int, groupCount: Int, doneGroupCount: Int, report: @escaping @Sendable (Sweep.Progress) -> Void
  ) {
    (self.stepCount, self.groupCount, self.report) = (stepCount, groupCount, report)
    done = Mutex((0, doneGroupCount))
  }

  func addStep() {
    let (steps, groups) = done.withLock { inner in
      inner.steps += 1
      return inner
    }
    report(
      Sweep.Progress(
        doneStepCount: min(steps, stepCount), totalStepCount: stepCount, note: "\(groups) of \(groupCount) done"))
  }

  func finishGroup() { done.withLock { $0.groups += 1 } }
}
