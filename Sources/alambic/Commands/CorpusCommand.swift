import ArgumentParser
import Basics
import Console
import Formats
import Lineage
import Workbench

/// `alambic corpus`: the corpora of this project.
struct CorpusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corpus",
    abstract: "List, show, check and review corpora.",
    discussion: """
      EXAMPLES
        alambic corpus list
        alambic corpus show thermostat
        alambic corpus diversity thermostat
        alambic corpus review thermostat
      """.paragraphs,
    subcommands: [
      CorpusListCommand.self, CorpusShowCommand.self, CorpusCheckCommand.self, CorpusChunksCommand.self,
      CorpusDiversityCommand.self,
      CorpusDiffCommand.self, CorpusExportCommand.self,
      CorpusReviewCommand.self, CorpusRemoveCommand.self,
    ])
}

/// `alambic corpus list`.
struct CorpusListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the corpora of this project.",
    discussion: """
      EXAMPLES
        alambic corpus list
        alambic corpus list --json
      """.paragraphs)
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    struct Entry: Encodable {
      var name: String
      var description: String
      var origin: String
    }
    var schema = "alambic.corpora/1"
    var corpora: [Entry]
  }

  func run() throws {
    let folders = try ProjectFolders.locate()
    let entries = try CorpusFolder.names(in: folders).map { name in
      let recipe = try CorpusFolder.open(name, in: folders).recipe
      let several = recipe.teachers.map { "teachers \($0.map(\.word).joined(separator: ", "))" }
      let origin = several ?? recipe.teacher.map { "teacher \($0)" } ?? recipe.source?.url ?? ""
      return Answer.Entry(name: name, description: recipe.description, origin: origin)
    }
    if common.json { return try Output.json(Answer(corpora: entries)) }
    var table = Table([("corpus", .left), ("from", .left), ("", .left)])
    for entry in entries { table.add([entry.name, entry.origin, entry.description]) }
    Output.text(table.text)
  }
}

/// `alambic corpus show`.
struct CorpusShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a corpus's recipe and how far its pipeline is.",
    discussion: """
      EXAMPLES
        alambic corpus show thermostat
        alambic corpus show thermostat --json
      """.paragraphs)
  @OptionGroup var argument: CorpusArgument
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.corpus/1"
    var recipe: Recipe
    /// The documents' hash; nil before they are made.
    var version: ContentID?
    var steps: [PlannedStep]
  }

  func run() async throws {
    let workbench = try common.lookingAhead()
    let recipe = try CorpusFolder.open(argument.corpus, in: workbench.folders).recipe
    let steps = try await workbench.pipeline(argument.corpus).plan()
    let documents = common.place.documentsFile(argument.corpus)
    let isCurated = steps.contains { $0.stage == .curate && $0.isUpToDate }
    let version = isCurated ? try ContentID(ofFile: documents) : nil
    if common.json { return try Output.json(Answer(recipe: recipe, version: version, steps: steps)) }
    Output.text("\(recipe.name): \(recipe.description)")
    Output.text(version.map { "version \($0)\n" } ?? "")
    var table = Table([("step", .left), ("state", .left), ("result", .left)])
    for step in steps {
      table.add([step.stage.rawValue, step.isUpToDate ? "up to date" : "to run", step.summary ?? ""])
    }
    Output.text(table.text)
  }
}
