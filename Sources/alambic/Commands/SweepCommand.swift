import ArgumentParser
import Basics
import Console
import Foundation
import Lineage
import Study
import Training
import Workbench

/// `alambic sweep`: many trainings to one table.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train every combination that a file names, and put all into one table and one chart.",
    discussion: """
      The file names data, shapes, recipes, rates, vocabularies, windows, batches, steps and
      seeds; docs/formats/sweep.md has its keys. What is finished is never trained again: after
      a kill, the same command goes on from the last save. The results are sweep.md, sweep.csv,
      sweep.json and sweep.svg in sweeps/<name>/ of the workspace: bits per byte of the held-out
      text over bytes of flash, with the Pareto front. With `rungs` in the file, the worse
      trainings stop early. With --part, a machine trains its share, and `alambic merge` makes
      the table.

      EXAMPLES
        alambic sweep sizes.yaml --dry-run
        alambic sweep sizes.yaml
        alambic sweep sizes.yaml --part 3/16
        alambic merge sizes.yaml
      """.paragraphs)

  @Argument(help: ArgumentHelp("The sweep's file.", valueName: "file"), completion: .file(extensions: ["yaml"]))
  var file: String
  @Option(
    help: ArgumentHelp(
      "Train one part of N, into a folder of its own; `auto` or `auto/N` takes it from the array job.",
      valueName: "I/N"))
  var part: String?
  @Flag(help: "Train nothing; say how many trainings, steps and minutes it would take.")
  var dryRun = false
  @Option(help: ArgumentHelp("Threads; the results do not depend on it.", valueName: "count"))
  var threads: Int?
  @Option(
    help: ArgumentHelp(
      "How often progress is saved, and so what a kill can cost (default: \(TrainingResult.saveInterval)).",
      valueName: "seconds"))
  var saveEvery: Double?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.checkThreads(threads)
    let part = try part.map { try PartName.part(named: $0, environment: ProcessInfo.processInfo.environment) }
    let (printer, clock) = (common.printer, PhaseClock())
    let plan = try SweepPlan(reading: file)
    let options = SweepOptions(threadCount: threads, saveInterval: saveEvery ?? TrainingResult.saveInterval)
    let sweep = Sweep(plan, workspace: common.place, options: options) { progress in
      printer.update(
        ProgressText(
          stage: "sweep", doneCount: progress.doneStepCount, totalCount: progress.totalStepCount, unit: "steps",
          elapsedSeconds: clock.elapsed("sweep"), note: progress.note
        ).line(on: .standardError()))
    }
    if dryRun {
      let estimate = try sweep.estimate(of: part)
      return common.json ? try Output.json(estimate) : Output.text(SweepText.text(estimate))
    }
    let startedAt = Date()
    if let part {
      let (manifest, isNew) = try await SweepPart(part, of: sweep).run()
      printer.say(
        isNew
          ? "sweep    part \(part): \(ReadableUnits.count(manifest.trainings.count)) trainings "
            + "(\(ReadableUnits.duration(seconds: manifest.durationSeconds)))"
          : "part \(part) is complete since attempt \(manifest.attempt)")
      if common.json { try Output.json(manifest) }
      return
    }
    let table = try await sweep.run()
    printer.say(
      "sweep    \(common.place.sweep(plan.name))/sweep.md "
        + "(\(ReadableUnits.duration(seconds: -startedAt.timeIntervalSinceNow)))")
    try SweepText.show(table, asJSON: common.json)
  }
}
