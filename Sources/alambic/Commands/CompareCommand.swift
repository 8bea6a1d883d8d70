import ArgumentParser
import Basics
import Console
import Firmware
import Formats
import Foundation
import Lineage
import Study
import Training
import Workbench

/// `alambic compare`: students and baselines in one table, with intervals.
struct CompareCommand: PartedCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train students and baselines side by side, and say which differences are shown.",
    discussion: """
      A text is split: 80 % to train on, 10 % to tune on, 10 % to test on, once. With --corpus,
      students are trained and measured on its documents as its recipe says, unless an option says
      otherwise, and each answers the questions of the recipe's task. All share one vocabulary,
      learned from the part to train on, and each is measured in the windows that it was trained in.
      Differences to the first student have a 95 % interval, paired by seed and window. Finished
      trainings stay in the folder: after a kill, the same command goes on.

      EXAMPLES
        alambic compare --data stories.txt --out comparison
        alambic compare --data stories.txt --tune --published --equal-time --out all
        alambic compare --data stories.txt --contestant atome-60k \\
          --contestant gpt:4bit --seeds 5 --out two
        alambic compare --data stories.txt --vocabulary learned --out tokens
        alambic compare --data stories.txt --out comparison --part 3/16
        alambic compare --data stories.txt --out comparison --merge 16
        alambic compare --corpus thermostat --preset-set 21kb --out scores
        alambic compare --data stories.txt --preset-set 21kb \\
          --model stories260K.bin,tokenizer=tok512.bin --out peers
      """.paragraphs)

  @Option(help: ArgumentHelp("The text to train and measure on.", valueName: "file"), completion: .file())
  var data: String?
  @Option(help: ArgumentHelp("Instead of a text: a corpus, whose shards are up to date.", valueName: "corpus"))
  var corpus: String?
  @OptionGroup var tokens: VocabularyOptions
  @Option(help: "Who takes part: \(ContestantSet.allCases.map(\.rawValue).joined(separator: ", ")).")
  var presetSet = ContestantSet.sixtyK
  @Option(
    help: ArgumentHelp(
      "Instead of a set: a preset, or a GPT's dimensions, of a GPT with :float32, :int8 or :4bit; gpt:int8 and "
        + "gpt:4bit are matched to the flash of the first, which the others are compared with; gpt-tied:int8 and "
        + "gpt-tied:4bit too, with one table of tokens.", valueName: "name"))
  var contestant: [String] = []
  @Option(
    help: ArgumentHelp(
      "Beside the students: a model of others to measure on the same test, an image or a llama2.c model; where the "
        + "file does not say it, with ,preset=NAME ,tokenizer=FILE ,window=COUNT; ,without=TEXT leaves out marks "
        + "that it never read.",
      valueName: "file"))
  var model: [String] = []
  @Option(help: ArgumentHelp("Trainings of each, from seeds 0, 1, 2 …", valueName: "count"))
  var seeds = 3
  @Option(
    help: ArgumentHelp(
      "Steps of a training (default: \(Self.base.stepCount), or the corpus's).", valueName: "count"))
  var steps: Int?
  @Option(
    help: ArgumentHelp("Windows in a step (default: \(Self.base.batchCount), or the corpus's).", valueName: "count"))
  var batch: Int?
  @Option(
    help: ArgumentHelp(
      "Tokens in a window; bytes, unless a vocabulary is learned (default: \(Self.base.windowTokenCount), or the "
        + "corpus's).",
      valueName: "count"))
  var window: Int?
  @Option(
    help: ArgumentHelp(
      "The recipe that all train with (default: \(Self.base.recipe), or the corpus's).", valueName: "name"))
  var recipe: String?
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
  @Option(
    help: ArgumentHelp(
      "Train one part of N into the folder and make no table; `auto` or `auto/N` takes it from the array job.",
      valueName: "I/N"))
  var part: String?
  @Option(
    help: ArgumentHelp(
      "Make the tables of what so many parts trained; train nothing.", valueName: "count"))
  var merge: Int?
  @Option(name: .customLong("out"), help: ArgumentHelp("Where tables and trainings go.", valueName: "folder"))
  var output: String
  @OptionGroup var common: CommonOptions

  private static let base = TrainingSettings.standard

  func run() async throws {
    try Limits.check("--seeds", seeds, in: 1...100)
    try Limits.checkThreads(threads)
    let firmware = try FirmwareFolder.locate()
    let printer = common.printer
    let startedAt = Date()
    let phases = PhaseClock()
    let plan = try await plan()
    let comparison = Comparison(
      plan: plan, board: try TargetBoard.named(board, firmwareFolder: firmware),
      costs: try EngineCosts.read(firmwareFolder: firmware), folder: output, threadCount: threads
    ) { progress in
      printer.update(
        ProgressText(
          stage: "compare", doneCount: progress.doneStepCount, totalCount: progress.totalStepCount, unit: "steps",
          elapsedSeconds: phases.elapsed(progress.phase),
          note: "\(progress.phase), \(progress.note)"
        ).line(on: .standardError()))
    }
    if let part {
      let part = try PartName.part(named: part, environment: ProcessInfo.processInfo.environment)
      let manifest = try await comparison.train(part)
      printer.say(
        "compare  part \(part): \(ReadableUnits.count(manifest.trainings.count)) trainings "
          + "(\(ReadableUnits.duration(seconds: -startedAt.timeIntervalSinceNow)))")
      if common.json { try Output.json(manifest) }
      return
    }
    if let merge { try comparison.checkParts(merge) { printer.say($0) } }
    let report = try await comparison.run()
    try AtomicFile.write(CanonicalJSON.pretty(report), to: "\(output)/compare.json")
    try AtomicFile.write(report.markdown(command: commandLine(plan)), to: "\(output)/compare.md")
    try AtomicFile.write(report.svg, to: "\(output)/compare.svg")
    try AtomicFile.write(report.flashSVG, to: "\(output)/compare-flash.svg")
    try AtomicFile.write(report.instructionsSVG, to: "\(output)/compare-instructions.svg")
    printer.say(
      "compare  \(output)/compare.md (\(ReadableUnits.duration(seconds: -startedAt.timeIntervalSinceNow)))")
    if common.json { try Output.json(report) } else { Output.text(ComparisonText.text(report)) }
  }

  func validate() throws {
    if part != nil, merge != nil { throw ValidationError("--part and --merge exclude each other") }
  }

  func parted() async throws -> PartedOutput {
    PartedOutput(
      folder: output, parts: Comparison.parts(output), unit: .trainings,
      completion: try Comparison.completion(try await plan(), in: output))
  }

  private func plan() async throws -> ComparisonPlan {
    switch (corpus, data) {
    case (let corpus?, nil): return try await plan(corpus: corpus)
    case (nil, let data?): return try plan(text: data)
    default:
      throw HintedError(
        "compare needs either --data or --corpus", hint: "for example `alambic compare --data stories.txt --out all`",
        status: .usage)
    }
  }

  private func plan(text path: String) throws -> ComparisonPlan {
    var settings = try TrainingSettings.recipe(named: recipe ?? Self.base.recipe)
    settings.stepCount = steps ?? Self.base.stepCount
    settings.batchCount = batch ?? Self.base.batchCount
    settings.windowTokenCount = window ?? Self.base.windowTokenCount
    let source = ComparisonPlan.Source.text(try PlainTextFile.read(path), try tokens.choice() ?? .bytes)
    return try plan(source, named: URL(fileURLWithPath: path).lastPathComponent, settings)
  }

  /// As the recipe says, but for what an option says.
  private func plan(corpus name: String) async throws -> ComparisonPlan {
    let choice = try tokens.choice()
    var study = try await Workbench(workspace: common.place).study(of: name, for: "compare")
    study.section.recipe = recipe ?? study.section.recipe
    study.section.steps = steps ?? study.section.steps
    study.section.batch = batch ?? study.section.batch
    study.section.window = window ?? study.section.window
    study.section.vocabulary = choice ?? study.section.vocabulary
    let exam = study.exam.map { exam in StudentExam(id: exam.id) { try await exam.heldOutRight(of: $0) } }
    return try plan(.corpus(try study.data(), exam), named: name, try study.settings())
  }

  private func plan(
    _ source: ComparisonPlan.Source, named name: String, _ settings: TrainingSettings
  ) throws -> ComparisonPlan {
    var settings = settings
    settings.warmUpStepCount = min(settings.warmUpStepCount, settings.stepCount)
    // The test is measured once, after the last step.
    settings.evaluationInterval = settings.stepCount
    try settings.validate()
    return ComparisonPlan(
      source: source, sourceName: name, contestants: presetSet,
      chosen: try Contestant.list(parsing: contestant, window: settings.windowTokenCount),
      settings: settings, seedCount: seeds, isTuned: tune, hasPublished: published, hasEqualTime: equalTime,
      hasAblations: ablate, peers: try model.map { try Peer(parsing: $0) })
  }

  /// The options that decide the tables, as one would type them.
  private func commandLine(_ plan: ComparisonPlan) -> String {
    let flags = [("--tune", tune), ("--published", published), ("--equal-time", equalTime), ("--ablate", ablate)]
      .filter(\.1).map(\.0)
    let who = contestant.isEmpty ? ["--preset-set \(presetSet.rawValue)"] : contestant.map { "--contestant \($0)" }
    let what = corpus.map { "--corpus \($0)" } ?? "--data \(plan.sourceName)"
    let vocabulary = tokens.vocabulary.map { ["--vocabulary \($0.rawValue)"] } ?? []
    let marks = tokens.marks.map { "--mark \"\($0)\"" }
    let peers = model.map { "--model \"\(Self.withoutFolders($0))\"" }
    let recipe = plan.settings.recipe == Self.base.recipe ? [] : ["--recipe \(plan.settings.recipe)"]
    let settings = plan.settings
    let numbers = [
      "--seeds \(seeds)", "--steps \(settings.stepCount)", "--batch \(settings.batchCount)",
      "--window \(settings.windowTokenCount)",
    ]
    return (["alambic compare \(what)"] + vocabulary + marks + who + peers + recipe + numbers + flags)
      .joined(separator: " ")
  }

  /// `a/b.bin,tokenizer=a/c.bin` as `b.bin,tokenizer=c.bin`.
  private static func withoutFolders(_ model: String) -> String {
    model.split(separator: ",").map { part in
      part.hasPrefix("without=")
        ? String(part)
        : part.split(separator: "=").map { $0.split(separator: "/").last.map(String.init) ?? "" }.joined(separator: "=")
    }.joined(separator: ",")
  }
}

extension ContestantSet: ExpressibleByArgument {}
