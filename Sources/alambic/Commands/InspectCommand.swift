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
      """.paragraphs)

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
    for fact in inspection.facts {
      facts.add([fact.name, [fact.value.text, fact.unit].compactMap(\.self).joined(separator: " ")])
    }
    Output.text(facts.text)
    for section in inspection.sections {
      var table = Table(section.columns.enumerated().map { ($1.title, $0 == 0 ? .left : .right) })
      for row in section.rows { table.add(row.map(\.cell)) }
      Output.text("\n\(section.title)\n\(table.text)")
    }
  }
}

extension InspectedValue {
  /// As a fact is written.
  fileprivate var text: String {
    switch self {
    case .text(let text), .nothing(let text): text
    case .count(let count): ReadableUnits.count(count)
    case .bytes(let count): ReadableUnits.bytes(count)
    case .number(let number): "\(Float(number))"
    case .share(let share): "\((100 * share).rounded(toPlaces: 1)) %"
    case .flag(let flag): flag ? "yes" : "no"
    case .id(let id): id.description
    case .list(let texts):
      texts.prefix(Self.shownCount).joined(separator: ", ")
        + (texts.count > Self.shownCount ? " and \(texts.count - Self.shownCount) more" : "")
    case .scale(let multiplier, let shift): "\(multiplier) / 2^\(shift)"
    }
  }

  /// As it is written in a table, where ids are many.
  fileprivate var cell: String {
    if case .id(let id) = self { id.short } else { text }
  }

  private static let shownCount = 12
}
