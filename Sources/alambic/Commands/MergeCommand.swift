import ArgumentParser
import Basics
import Lineage
import Workbench

/// `alambic merge`: the parts of a corpus to samples.
struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Bring the parts of a corpus together, as one machine would have left it.",
    discussion: """
      Of each part the first attempt is taken that is complete and whose hashes hold. Where
      one is missing nothing is merged: status 75, with the numbers of those to ask. Sends
      nothing to a teacher; merging again changes nothing.

      EXAMPLES
        alambic merge helper
        alambic merge helper --parts 16 && alambic make helper
      """)

  @OptionGroup var argument: CorpusArgument
  @Option(help: ArgumentHelp("How many parts there are, where several numbers were tried.", valueName: "count"))
  var parts: Int?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let renderer = EventRenderer(common)
    let workbench = try Workbench(workspace: common.place)
    let merge = try PartMerge(argument.corpus, partCount: parts, workbench: workbench) { renderer.show($0) }
    let receipt = try await merge.run()
    if common.json { try Output.json(ReceiptAnswer(receipt)) }
  }
}
