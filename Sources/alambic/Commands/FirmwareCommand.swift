import ArgumentParser
import Basics
import Console
import Conversation
import Firmware
import Workbench

/// `alambic firmware`: an image as a program for a board that one can hold.
struct FirmwareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "firmware",
    abstract: "Build a program for a real board, and what it will say on its serial line.",
    discussion: """
      The program continues the prompt, then every line that it is sent, at 115200 baud.
      expected.txt holds what it will say, times left out; firmware.sha256 every file's hash.

      EXAMPLES
        alambic firmware model.atome --board rpi-pico --prompt "> is it cold" --out pico
        alambic firmware atome_944k.atome --preset atome-944k --board nucleo-f411re \\
          --context 4 --out nucleo --json
      """)

  @OptionGroup var image: ImageOptions
  @Option(
    help: ArgumentHelp(
      "The board: \(DevelopmentBoard.all.map(\.name).joined(separator: ", ")).", valueName: "name"),
    completion: .list(DevelopmentBoard.all.map(\.name)))
  var board: String
  @Option(
    help: ArgumentHelp(
      "The text to continue after reset (default: none; the model begins a document).", valueName: "text"))
  var prompt = ""
  @Option(help: ArgumentHelp("How many bytes a text has at most.", valueName: "count"))
  var bytes = 80
  @Option(
    help: ArgumentHelp(
      "The attention window, in positions (default: what the student was trained with, or the most that fits).",
      valueName: "positions"))
  var context: Int?
  @Option(name: .customLong("out"), help: ArgumentHelp("A folder for the files.", valueName: "folder"))
  var output: String
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--bytes", bytes, in: 1...1_000_000)
    if let context { try Limits.check("--context", context, in: 1...65_536) }
    let board = try DevelopmentBoard.named(board)
    let image = try image.load()
    let firmware = try await TalkingFirmware.build(
      model: image.bytes, name: image.id.short,
      settings: .init(
        board: board, prompt: Array(prompt.utf8), contextLength: context ?? image.defaultContext, textByteLimit: bytes),
      firmwareFolder: try ProjectFolders.locate().firmware,
      in: common.place.firmwareBuild("board-\(board)"), mayShorten: context == nil)
    try firmware.write(to: output)
    try show(firmware, of: image.id)
  }

  private struct Answer: Encodable {
    struct File: Encodable {
      var path: String
      var id: ContentID
      var byteCount: Int
    }

    var schema = "alambic.firmware/1"
    var board: String
    var image: ContentID
    var files: [File]
    var flashByteCount: Int
    var ramByteCount: Int
    /// In positions.
    var context: Int
    /// What the serial line will say, times left out.
    var transcript: String
  }

  private func show(_ firmware: TalkingFirmware, of image: ContentID) throws {
    let files = firmware.files.map { file in
      Answer.File(path: "\(output)/\(file.name)", id: ContentID(of: file.bytes), byteCount: file.bytes.count)
    }
    if common.json {
      return try Output.json(
        Answer(
          board: firmware.board.name, image: image, files: files, flashByteCount: firmware.flashByteCount,
          ramByteCount: firmware.ramByteCount, context: firmware.contextLength,
          transcript: String(decoding: firmware.transcript, as: UTF8.self)))
    }
    for file in files { common.printer.say("\(file.path): \(ReadableUnits.bytes(file.byteCount)) · \(file.id)") }
    common.printer.say(
      "\(ReadableUnits.count(firmware.flashByteCount)) bytes of flash, "
        + "\(ReadableUnits.count(firmware.ramByteCount)) of RAM, a context of \(firmware.contextLength) positions")
    common.printer.say("next: \(firmware.board.flashing); docs/guides/flashing-a-board.md")
  }
}
