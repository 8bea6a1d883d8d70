import ArgumentParser
import Basics
import Console
import Formats
import Foundation
import Lineage
import Workbench

/// `alambic export`: a checkpoint to an `.atome` image.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Pack a checkpoint into an ATOME01 or ATOME02 image, or one image into the other.",
    discussion: """
      EXAMPLES
        alambic export thermostat
        alambic export stories.checkpoint --out stories.atome --json
        alambic export stories.atome --format atome02 --out small.atome
      """)

  @Argument(help: ArgumentHelp("A checkpoint's or an image's file, with --out; or a corpus.", valueName: "source"))
  var source: String
  @Option(name: .customLong("out"), help: ArgumentHelp("The image.", valueName: "file"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "How trits are packed: atome01, 4 a byte, which published loaders read; atome02, 5 a byte.", valueName: "format"))
  var format: Format?
  @OptionGroup var shapeOptions: ShapeOptions
  @OptionGroup var common: CommonOptions

  /// What an export can write.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case atome01, atome02

    var packing: AtomePacking {
      switch self {
      case .atome01: .atome01
      case .atome02: .atome02
      }
    }
  }

  private struct Answer: Encodable {
    var schema = "alambic.export/1"
    var output: String
    var image: ContentID
    var byteCount: Int
  }

  func run() async throws {
    guard let output else { return try await exportCorpus() }
    let bytes = try ExportRun(
      source: source, output: output, packing: (format ?? .atome01).packing, shape: try shapeOptions.requestedShape()
    ).run()
    let id = ContentID(of: bytes)
    if common.json {
      try Output.json(Answer(output: output, image: id, byteCount: bytes.count))
    } else {
      common.printer.say("\(output): \(ReadableUnits.bytes(bytes.count)) · \(id)")
      common.printer.say("next: alambic verify \(output)")
    }
  }

  private func exportCorpus() async throws {
    if try format != nil || shapeOptions.requestedShape() != nil {
      throw HintedError(
        "--format, --shape and --preset are for a file; a corpus is exported as ATOME01", hint: "give --out as well",
        status: .usage)
    }
    try await common.run(.export, of: source)
  }
}
