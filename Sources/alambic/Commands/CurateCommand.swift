import ArgumentParser
import Lineage
import Workbench

/// `alambic curate`: samples to documents.
struct CurateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curate",
    abstract: "Normalise, filter and deduplicate, with a reason for each refusal.",
    discussion: """
      EXAMPLES
        alambic curate thermostat
        alambic curate thermostat --json
      """)

  @OptionGroup var argument: CorpusArgument
  @OptionGroup var common: CommonOptions

  func run() async throws { try await common.run(.curate, of: argument.corpus) }
}
