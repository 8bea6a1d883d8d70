import ArgumentParser
import Basics
import Formats
import Lineage
import Workbench

/// `alambic ship`: image, report, recipe and receipts in one archive.
struct ShipCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ship",
    abstract: "Seal image, report, recipe, datasheet and receipts into one archive.",
    discussion: """
      EXAMPLES
        alambic ship thermostat
        alambic inspect .alambic/bundles/thermostat-0123456789ab.alambic.tar
      """.paragraphs)

  @OptionGroup var argument: CorpusArgument
  @OptionGroup var common: CommonOptions

  func run() async throws { try await common.run(.ship, of: argument.corpus) }
}
