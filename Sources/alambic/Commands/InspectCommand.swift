import ArgumentParser
import Basics
import Console
import Workbench

/// `alambic inspect`: files that explain themselves.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Explain and check any file that Alambic writes, recognised by its first bytes.",
    discussion: """
      EXAMPLES
        alambic inspect .alambic/images/thermostat.atome
        alambic inspect foreign.atome --preset atome-944k --json
      """)

  @Argument(
    help: "An image, checkpoint, shard, index, documents file, report, bundle, or a file of one.",
    completion: .file())
  var file: String
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let inspection = try Inspection(of: file, shape: try shape.requestedShape())
    if common.json { return try Output.json(inspection) }
    var facts = Table([("\(inspection.format)", .left), (inspection.file, .left)])
    facts.add(["id", inspection.id.description])
    facts.add(["size", "\(ReadableUnits.count(inspection.byteCount)) bytes"])
    for fact in inspection.facts { facts.add([fact.name, fact.value]) }
    Output.text(facts.text)
    for section in inspection.sections {
      var table = Table(section.columns.enumerated().map { ($1, $0 == 0 ? .left : .right) })
      for row in section.rows { table.add(row) }
      Output.text("\n\(section.title)\n\(table.text)")
    }
  }
}
