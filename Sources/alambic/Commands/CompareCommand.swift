import ArgumentParser
import Basics
import Console
import Firmware
import Formats
import Foundation
import Study
import Training
import Workbench

/// `alambic compare`: students and baselines in one table, with intervals.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train students and baselines side by side, and say which differences are shown.",
    discussion: """
      A text's windows are split: 80 % to train on, 10 % to tune on, 10 % to test on, once.
      Differences to the first student have a 95 % interval, paired by seed and window. Finished
      trainings stay in the folder: after a kill, the same command goes on.

      EXAMPLES
        alambic compare --data stories.txt --out comparison
        alambic compare --data stories.txt --tune --published --equal-time --out all
        alambic compare --data stories.txt --contestant atome-60k \\
          --contestant gpt-21k:int8 --seeds 5 --out two
      """)

  @Option(help: ArgumentHelp("The text to train and measure on.", valueName: "file"), completion: .file())
  var data: String
  @Option(help: "Who takes part: 60k or 21kb.")
  var presetSet = ContestantSet.sixtyK
  @Option(
    help: ArgumentHelp(
      "Instead of a set: a preset, of a GPT with :float32 or :int8. The first is compared with.", valueName: "name"))
  var contestant: [String] = []
  @Option(help: ArgumentHelp("Trainings of each, from seeds 0, 1, 2 …", valueName: "count"))
  var seeds = 3
  @Option(help: ArgumentHelp("Steps of a training.", valueName: "count"))
  var steps = TrainingSettings.standard.stepCount
  @Option(help: ArgumentHelp("Windows in a step.", valueName: "count"))
  var batch = TrainingSettings.standard.batchCount
  @Option(help: ArgumentHelp("Bytes in a window.", valueName: "bytes"))
  var window = TrainingSettings.standard.windowTokenCount
  @Option(help: ArgumentHelp("The recipe that all train with.", valueName: "name"))
  var recipe = TrainingSettings.standard.recipe
  @Flag(help: "Look for each shape's own learning rates first, on the validation windows.")
  var tune = false
  @Flag(help: "First a table by the published recipe.")
  var published = false
  @Flag(help: "Also a table in which everyone trains as long as the first.")
  var equalTime = false
  @Flag(help: "Also vary the first student: one part left out or changed at a time.")
  var ablate = false
  @Option(help: ArgumentHelp("The board whose instructions are counted.", valueName: "name"))
  var board = "nucleo-f411re"
  @Option(help: ArgumentHelp("Trainings at a time; the results do not depend on it.", valueName: "count"))
  var threads: Int?
  @Option(name: .customLong("out"), help: ArgumentHelp("Where tables and trainings go.", valueName: "folder"))
  var output: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--seeds", seeds, in: 1...100)
    try Limits.checkThreads(threads)
    let firmware = try ProjectFolders.locate().firmware
    let printer = common.printer
    let startedAt = Date()
    let phases = PhaseClock()
    let comparison = Comparison(
      plan: try plan(), board: try TargetBoard.named(board, firmwareFolder: firmware),
      costs: try EngineCosts.read(firmwareFolder: firmware), folder: output, threadCount: threads
    ) { progress in
      printer.update(
        ProgressText(
          stage: "compare", doneCount: progress.doneStepCount, totalCount: progress.totalStepCount, unit: "steps",
          elapsedSeconds: phases.elapsed(progress.phase),
          note: "\(progress.phase), \(progress.note)"
        ).line(on: .standardError()))
    }
    let report = try await comparison.run()
    try AtomicFile.write(CanonicalJSON.pretty(report), to: "\(output)/compare.json")
    try AtomicFile.write(report.markdown(command: commandLine), to: "\(output)/compare.md")
    try AtomicFile.write(report.svg, to: "\(output)/compare.svg")
    printer.say(
      "compare  \(output)/compare.md (\(ReadableUnits.duration(seconds: -startedAt.timeIntervalSinceNow)))")
    if common.json { try Output.json(report) } else { Output.text(ComparisonText.text(report)) }
  }

  private func plan() throws -> ComparisonPlan {
    var settings = try TrainingSettings.recipe(named: recipe)
    settings.stepCount = steps
    settings.batchCount = batch
    settings.windowTokenCount = window
    settings.warmUpStepCount = min(settings.warmUpStepCount, steps)
    // The test is measured once, after the last step.
    settings.evaluationInterval = steps
    try settings.validate()
    return ComparisonPlan(
      text: try AtomicFile.read(data), textName: URL(fileURLWithPath: data).lastPathComponent,
      contestants: presetSet, chosen: try contestant.map { try Contestant(parsing: $0, window: window) },
      settings: settings, seedCount: seeds, isTuned: tune, hasPublished: published, hasEqualTime: equalTime,
      hasAblations: ablate)
  }

  /// The options that decide the tables, as one would type them.
  private var commandLine: String {
    let flags = [("--tune", tune), ("--published", published), ("--equal-time", equalTime), ("--ablate", ablate)]
      .filter(\.1).map(\.0)
    let who = contestant.isEmpty ? ["--preset-set \(presetSet.rawValue)"] : contestant.map { "--contestant \($0)" }
    let data = URL(fileURLWithPath: data).lastPathComponent
    let recipe = recipe == TrainingSettings.standard.recipe ? [] : ["--recipe \(recipe)"]
    return
      (["alambic compare --data \(data)"] + who + recipe
      + ["--seeds \(seeds)", "--steps \(steps)", "--batch \(batch)", "--window \(window)"] + flags)
      .joined(separator: " ")
  }
}

extension ContestantSet: ExpressibleByArgument {}
