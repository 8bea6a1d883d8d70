import ArgumentParser
import Basics
import Console
import Lineage
import Workbench

/// `alambic make`: whatever is not up to date.
struct MakeCommand: AsyncParsableCommand, Resumable {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Run whatever of the steps above is not up to date.",
    discussion: """
      EXAMPLES
        alambic make thermostat
        alambic make thermostat --until verify --dry-run
      """.paragraphs)

  @OptionGroup var argument: CorpusArgument
  @Option(help: ArgumentHelp("The last step.", valueName: "step"))
  var until = StageName.ship
  @Flag(help: "Do nothing; say which steps would run.")
  var dryRun = false
  @OptionGroup var asking: AskOptions
  @Option(help: ArgumentHelp("Threads that train; the result does not depend on it.", valueName: "count"))
  var threads: Int?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.checkThreads(threads)
    let renderer = EventRenderer(common)
    var options = asking.options
    options.threadCount = threads
    let workbench = try dryRun ? common.lookingAhead() : Workbench(workspace: common.place)
    let pipeline = try workbench.pipeline(argument.corpus, options: options) { renderer.show($0) }
    if dryRun { return try show(try await pipeline.plan(until: until)) }
    let receipts = try await pipeline.make(until: until)
    let closing = try await Closing(receipts: receipts, corpus: argument.corpus, workspace: workbench.workspace)
    if common.json {
      try Output.json(Answer(corpus: argument.corpus, receipts: receipts))
    } else if !closing.text.isEmpty {
      Output.text(closing.text)
    }
  }

  private struct Answer: Encodable {
    var schema = "alambic.make/1"
    var corpus: String
    var steps: [ReceiptAnswer]

    init(corpus: String, receipts: [StageName: Receipt]) {
      self.corpus = corpus
      steps = StageName.allCases.compactMap { receipts[$0] }.map(ReceiptAnswer.init)
    }
  }

  private struct Plan: Encodable {
    var schema = "alambic.plan/1"
    var steps: [PlannedStep]
  }

  private func show(_ plan: [PlannedStep]) throws {
    if common.json { return try Output.json(Plan(steps: plan)) }
    var table = Table([("step", .left), ("state", .left), ("result", .left)])
    for step in plan {
      table.add([step.stage.rawValue, step.isUpToDate ? "up to date" : "to run", step.summary ?? ""])
    }
    Output.text(table.text)
  }
}

extension StageName: ExpressibleByArgument {}
