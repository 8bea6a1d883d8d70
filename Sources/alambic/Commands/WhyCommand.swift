import ArgumentParser
import Basics
import Console
import Foundation
import Workbench

/// `alambic why`: from an id back to the prompt.
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Trace a chunk, document, sample or file back to its prompt.",
    discussion: """
      The first digits of an id are enough; a file stands for the id of its bytes.

      EXAMPLES
        alambic why 4ae3c8354176
        alambic why .alambic/images/thermostat.atome --json
      """.paragraphs)

  @Argument(help: ArgumentHelp("An id, or its first digits, or a file.", valueName: "id"), completion: .file())
  var id: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let isFile = FileManager.default.fileExists(atPath: id)
    let trace = try await common.looking().trace(isFile ? try ContentID(ofFile: id).description : id)
    if common.json { return try Output.json(trace) }
    for station in trace.stations {
      let margin = String(repeating: "  ", count: station.depth) + (station.depth == 0 ? "" : "← ")
      Output.text(
        "\(margin)\(station.kind) \(station.id.short)  \(station.text.split(separator: "\n").joined(separator: " ⏎ "))")
    }
  }
}
