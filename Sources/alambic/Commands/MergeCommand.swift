import ArgumentParser
import Basics
import Console
import Lineage
import Study
import Workbench

/// `alambic merge`: the parts of a corpus to samples, those of a sweep to its table.
struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring the parts of a corpus, or of a sweep, together, as one machine would have left it.",
    discussion: """
      Of each part the first attempt is taken that is complete and whose hashes hold. Where
      one is missing nothing is merged: status 75, with the numbers of those to ask. Sends
      nothing to a teacher; merging again changes nothing.

      EXAMPLES
        alambic merge helper
        alambic merge helper --parts 16 && alambic make helper
        alambic merge sizes.yaml
      """.paragraphs)

  @OptionGroup var argument: PartedArgument
  @Option(help: ArgumentHelp("How many parts there are, where several numbers were tried.", valueName: "count"))
  var parts: Int?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let renderer = EventRenderer(common)
    guard !argument.run.isCommand else {
      throw HintedError(
        "\(argument.subject) is a command's folder", hint: "the command itself merges: call it with --merge COUNT",
        status: .usage)
    }
    guard !argument.run.isSweep else {
      let plan = try SweepPlan(reading: argument.subject)
      let merge = try SweepMerge(plan, partCount: parts, workspace: common.place) { renderer.show(.notice($0)) }
      let table = try merge.run()
      common.printer.say("merge    \(common.place.sweep(plan.name))/sweep.md")
      return try SweepText.show(table, asJSON: common.json)
    }
    let workbench = try Workbench(workspace: common.place)
    let merge = try PartMerge(argument.subject, partCount: parts, workbench: workbench) { renderer.show($0) }
    let receipt = try await merge.run()
    if common.json { try Output.json(ReceiptAnswer(receipt)) }
  }
}
