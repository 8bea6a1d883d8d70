import ArgumentParser
import Basics
import Console
import Workbench

/// `alambic why`: from an id back to the prompt.
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Trace a chunk, document, sample or file back to its prompt.",
    discussion: """
      The first digits of an id are enough.

      EXAMPLES
        alambic why 4ae3c8354176
        alambic why $(sha256sum .alambic/images/thermostat.atome | cut -c1-64) --json
      """)

  @Argument(help: ArgumentHelp("An id, or its first digits.", valueName: "id"))
  var id: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let trace = try await Workbench(workspace: common.place).trace(id)
    if common.json { return try Output.json(trace) }
    for station in trace.stations {
      let margin = String(repeating: "  ", count: station.depth) + (station.depth == 0 ? "" : "← ")
      Output.text(
        "\(margin)\(station.kind) \(station.id.short)  \(station.text.split(separator: "\n").joined(separator: " ⏎ "))")
    }
  }
}
