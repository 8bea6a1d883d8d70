import ArgumentParser
import Basics
import Foundation
import Workbench

/// `alambic slurm`: the parts of a corpus, of a sweep or of a command, as array jobs.
struct SlurmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm",
    abstract: "Ask, train, curate and compare on a cluster, as array jobs of Slurm.",
    discussion: """
      EXAMPLES
        alambic slurm submit helper --parts 16 --cluster clusters/mine.yaml
        alambic slurm submit sizes.yaml --parts 50 --cluster clusters/mine.yaml
        alambic slurm status helper
        alambic slurm submit --parts 16 --cluster clusters/mine.yaml \\
          -- curate --input texts/*.gz --output curated
        alambic slurm status curated
      """.paragraphs,
    subcommands: [
      SlurmSubmitCommand.self, SlurmStatusCommand.self, SlurmRetryCommand.self, SlurmCancelCommand.self,
      SlurmMergeCommand.self,
    ])
}

/// `alambic slurm submit`.
struct SlurmSubmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submit the parts that are not complete, and the merge after them.",
    discussion: """
      Of a corpus, a limit of spending is dealt to the parts in equal shares, and parts at
      once share the teacher's pace. All else works with as many threads as the profile gives it
      cpus. Behind -- stands a command that takes --part and --merge, as one would type it here;
      the other calls of `alambic slurm` know it by the folder of its result.

      EXAMPLES
        alambic slurm submit helper --parts 16 --cluster clusters/mine.yaml --dry-run
        alambic slurm submit helper --parts 500 --at-once 8 --cluster c.yaml --spend-max 80
        alambic slurm submit sizes.yaml --parts 50 --cluster clusters/mine.yaml
        alambic slurm submit --parts 16 --cluster clusters/mine.yaml \\
          -- curate --input texts/*.gz --output curated
        alambic slurm submit --parts 9 --cluster clusters/mine.yaml \\
          -- compare --data stories.txt --seeds 5 --out comparison
      """.paragraphs)
  @Argument(
    help: ArgumentHelp("A corpus, or a sweep's file, whose name ends in .yaml.", valueName: "corpus|file"),
    completion: .file(extensions: ["yaml"]))
  var subject: String?
  @Argument(parsing: .postTerminator, help: ArgumentHelp("Instead, behind --: a command.", valueName: "command"))
  var command: [String] = []
  @Option(help: ArgumentHelp("How many parts.", valueName: "count"))
  var parts: Int
  @Option(help: ArgumentHelp("Parts that run at the same time (default: all).", valueName: "count"))
  var atOnce: Int?
  @Option(help: ArgumentHelp("The cluster's profile.", valueName: "file"), completion: .file())
  var cluster: String
  @Flag(help: "Submit nothing; print the scripts.")
  var dryRun = false
  @OptionGroup var asking: AskOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let atOnce, atOnce < 1 { throw ValidationError("--at-once is \(atOnce); it is at least 1") }
  }

  private struct Scripts: Encodable {
    var schema = "alambic.slurm-scripts/1"
    var scripts: [String]
  }

  func run() async throws {
    let desk = try await desk()
    let order = SlurmDesk.Order(
      partCount: parts, atOnce: atOnce, cluster: cluster, options: asking.options, arguments: asking.arguments)
    if dryRun {
      let scripts = try desk.scripts(order)
      if common.json { return try Output.json(Scripts(scripts: scripts)) }
      return Output.text(scripts.joined(separator: "\n"))
    }
    let submission = try await desk.submit(order)
    if common.json { return try Output.json(submission.jobs) }
    Output.text(submission.text)
  }

  private func desk() async throws -> SlurmDesk {
    switch (subject, command.isEmpty) {
    case (let subject?, true):
      let run = PartedRun(subject: subject)
      if run.isSweep { try refuseAsking("a sweep asks no teacher") }
      return try await run.desk(in: common.place)
    case (nil, false):
      try refuseAsking("a command has options of its own, behind --")
      return try await PartedRun.desk(of: { .here(command) }, in: common.place)
    default:
      throw HintedError(
        "submit takes a corpus, a sweep's file, or a command behind --",
        hint: "alambic slurm submit --help has examples", status: .usage)
    }
  }

  private func refuseAsking(_ why: String) throws {
    guard let option = asking.arguments.first else { return }
    throw HintedError("\(option) is for a corpus; \(why)", hint: "leave it out", status: .usage)
  }
}

/// `alambic slurm status`.
struct SlurmStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say which parts are complete, under way and missing.",
    discussion: """
      EXAMPLES
        alambic slurm status helper
        alambic slurm status helper --json
      """.paragraphs)
  @OptionGroup var argument: PartedArgument
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let status = try await argument.desk(in: common.place).status()
    if common.json { return try Output.json(status) }
    let idle = status.missing.filter { !status.running.contains($0) && !status.pending.contains($0) }
    var lines = [
      "complete  \(status.completeCount) of \(status.partCount) parts, \(status.items)"
        + (status.remainingSeconds.map { "; about \(ReadableUnits.duration(seconds: $0)) left" } ?? "")
    ]
    for (word, numbers) in [("running", status.running), ("pending", status.pending), ("missing", idle)]
    where !numbers.isEmpty {
      lines.append("\(word.padding(toLength: 10, withPad: " ", startingAt: 0))\(NumberList.text(numbers))")
    }
    for (state, parts) in Dictionary(grouping: status.ended ?? [:], by: \.value).sorted(by: { $0.key < $1.key }) {
      lines.append("  \(state): \(NumberList.text(parts.compactMap { Int($0.key) }.sorted()))")
    }
    if !idle.isEmpty { lines.append("`alambic slurm retry \(argument.subject)` submits what is missing") }
    Output.text(lines.joined(separator: "\n"))
  }
}

/// `alambic slurm retry`.
struct SlurmRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Submit the parts that are neither complete nor under way, and the merge after them.",
    discussion: """
      EXAMPLES
        alambic slurm retry helper
        alambic slurm retry helper --json
      """.paragraphs)
  @OptionGroup var argument: PartedArgument
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let submission = try await argument.desk(in: common.place).retry()
    if common.json { return try Output.json(submission.jobs) }
    Output.text(submission.new.isEmpty ? "nothing is missing that is not under way" : submission.text)
  }
}

/// `alambic slurm cancel`.
struct SlurmCancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End the jobs; what parts have done stays.",
    discussion: """
      EXAMPLES
        alambic slurm cancel helper
        alambic slurm cancel helper && alambic slurm status helper
      """.paragraphs)
  @OptionGroup var argument: PartedArgument
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.slurm-cancel/1"
    var jobs: [String]
  }

  func run() async throws {
    let jobs = try await argument.desk(in: common.place).cancel()
    if common.json { return try Output.json(Answer(jobs: jobs)) }
    Output.text(jobs.isEmpty ? "no job is under way" : "ended the jobs \(jobs.joined(separator: ", "))")
  }
}

/// `alambic slurm merge`.
struct SlurmMergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Submit the merge alone, as a job; `alambic merge` does it here and now.",
    discussion: """
      EXAMPLES
        alambic slurm merge helper
        alambic slurm merge helper --json
      """.paragraphs)
  @OptionGroup var argument: PartedArgument
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.slurm-merge/1"
    var job: String
  }

  func run() async throws {
    let job = try await argument.desk(in: common.place).merge()
    if common.json { return try Output.json(Answer(job: job)) }
    Output.text("merge     job \(job)")
  }
}

extension SlurmDesk.Submission {
  fileprivate var text: String {
    let asked = new.map { "parts     \($0.parts) of \(jobs.partCount): job \($0.job)" }
    return (asked + (jobs.merges.last.map { ["merge     job \($0)"] } ?? [])).joined(separator: "\n")
  }
}

extension SlurmDesk.Status {
  /// What the complete parts have.
  fileprivate var items: String {
    for (count, unit) in [(trainingCount, "trainings"), (recordCount, "records"), (windowCount, "windows")] {
      if let count { return "\(ReadableUnits.count(count)) \(unit)" }
    }
    return "\(ReadableUnits.count(answerCount ?? 0)) answers, \(ReadableUnits.dollars(cost ?? 0))"
  }
}
