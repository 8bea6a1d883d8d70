import ArgumentParser
import Basics
import Workbench

/// `alambic corpus export`.
struct CorpusExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a curated corpus in the layout of the Hugging Face Hub.",
    discussion: """
      JSON lines, a README.md with front matter, figures and the datasheet, and
      croissant.json. What is held out from training becomes the split `test`.

      EXAMPLES
        alambic corpus export thermostat --out thermostat-dataset
      """.paragraphs)
  @OptionGroup var argument: CorpusArgument
  @Option(name: .customLong("out"), help: ArgumentHelp("An empty or new folder.", valueName: "folder"))
  var output: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let corpus = try CorpusFolder.open(argument.corpus, in: try ProjectFolders.locate())
    let outcome = try DatasetFolder(corpus, workspace: common.place, folder: output).write()
    if !common.quiet { Output.text(outcome.files.map { "\(output)/\($0)" }.joined(separator: "\n")) }
  }
}
