import ArgumentParser
import Basics
import Console
import Foundation
import Lineage
import Workbench

/// `alambic export`: a checkpoint to an `.atome` image.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Pack a checkpoint into an ATOME01 image.",
    discussion: """
      EXAMPLES
        alambic export thermostat
        alambic export stories.checkpoint --out stories.atome --json
      """)

  @Argument(help: ArgumentHelp("A checkpoint's file, with --out; or a corpus.", valueName: "checkpoint"))
  var checkpoint: String
  @Option(name: .customLong("out"), help: ArgumentHelp("The image.", valueName: "file"))
  var output: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.export/1"
    var output: String
    var image: ContentID
    var byteCount: Int
  }

  func run() async throws {
    guard let output else { return try await common.run(.export, of: checkpoint) }
    let bytes = try ExportRun(checkpoint: checkpoint, output: output).run()
    let id = ContentID(of: bytes)
    if common.json {
      try Output.json(Answer(output: output, image: id, byteCount: bytes.count))
    } else {
      common.printer.say("\(output): \(ReadableUnits.bytes(bytes.count)) · \(id)")
      common.printer.say("next: alambic verify \(output)")
    }
  }
}
