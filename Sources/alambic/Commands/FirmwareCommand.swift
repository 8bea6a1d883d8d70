import ArgumentParser
import Basics
import Console
import Conversation
import Firmware
import Formats
import Foundation
import Workbench

/// `alambic firmware`: an image as a program for a board that one can hold, or as C for a program of one's own.
struct FirmwareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "firmware",
    abstract: "Build a program for a real board, or write a C library for a program of your own.",
    discussion: """
      With --board, the program continues the prompt, then every line that it is sent, at 115200
      baud. expected.txt holds what it will say, times left out; firmware.sha256 every file's hash.
      With --library, the folder is the library: one C file with the engine and the image, one
      header, an example that continues the prompt, and what CMake, Arduino, PlatformIO, Zephyr and
      ESP-IDF want beside them. The folder's name is the library's. No compiler is needed. Of a
      classifier, the program and the example say the label of the prompt, and of each line.

      EXAMPLES
        alambic firmware model.atome --board rpi-pico --prompt "> is it cold" --out pico
        alambic firmware atome_944k.atome --preset atome-944k --board nucleo-f411re \\
          --context 4 --out nucleo --json
        alambic firmware model.atome --library libraries/thermostat
      """.paragraphs)

  @OptionGroup var image: ImageOptions
  @Option(
    help: ArgumentHelp(
      "The board: \(DevelopmentBoard.all.map(\.name).joined(separator: ", ")).", valueName: "name"),
    completion: .list(DevelopmentBoard.all.map(\.name)))
  var board: String?
  @Option(help: ArgumentHelp("A folder for a C library, in place of --board and --out.", valueName: "folder"))
  var library: String?
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
  @Option(name: .customLong("out"), help: ArgumentHelp("With --board, a folder for the files.", valueName: "folder"))
  var output: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--bytes", bytes, in: 1...1_000_000)
    if let context { try Limits.check("--context", context, in: 1...65_536) }
    switch (board, library, output) {
    case (let board?, nil, let output?): try await build(for: DevelopmentBoard.named(board), in: output)
    case (nil, let library?, nil): try write(library)
    default:
      throw HintedError(
        "firmware is for a board, with --board and --out, or a library, with --library",
        hint: "give --board NAME --out FOLDER, or --library FOLDER alone", status: .usage)
    }
  }

  // MARK: A board

  private func build(for board: DevelopmentBoard, in output: String) async throws {
    let image = try image.load()
    let firmware = try await TalkingFirmware.build(
      model: image.bytes, name: image.id.short,
      settings: .init(
        board: board, prompt: Array(prompt.utf8), contextLength: context ?? image.defaultContext, textByteLimit: bytes),
      firmwareFolder: try FirmwareFolder.locate(),
      in: common.place.firmwareBuild("board-\(board)"), mayShorten: context == nil)
    try firmware.write(to: output)
    try show(firmware, of: image.id, in: output)
  }

  private struct File: Encodable {
    var path: String
    var id: ContentID
    var byteCount: Int

    init(_ name: String, _ bytes: [UInt8], in folder: String) {
      path = "\(folder)/\(name)"
      id = ContentID(of: bytes)
      byteCount = bytes.count
    }
  }

  private struct Answer: Encodable {
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

  private func show(_ firmware: TalkingFirmware, of image: ContentID, in output: String) throws {
    let files = firmware.files.map { File($0.name, $0.bytes, in: output) }
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

  // MARK: A library

  private struct LibraryAnswer: Encodable {
    var schema = "alambic.library/1"
    var name: String
    var image: ContentID
    var files: [File]
    /// In positions.
    var context: Int
    /// RAM of the engine; the library's state is a few hundred bytes more.
    var engineByteCount: Int
    /// A classifier's, by their numbers.
    var labels: [String]?
  }

  private func write(_ folder: String) throws {
    let image = try image.load()
    let library = try EngineLibrary(
      model: image.bytes,
      settings: .init(
        name: URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent, prompt: Array(prompt.utf8),
        contextLength: context ?? image.defaultContext, textByteLimit: bytes),
      firmwareFolder: try FirmwareFolder.locate())
    try library.write(to: folder)
    let files = library.files.map { File($0.path, $0.bytes, in: folder) }
    if common.json {
      return try Output.json(
        LibraryAnswer(
          name: library.name, image: image.id, files: files, context: library.contextLength,
          engineByteCount: library.engineByteCount, labels: image.contents.head?.labels.map(\.name)))
    }
    for file in files where file.path.hasSuffix(".c") || file.path.hasSuffix(".h") {
      common.printer.say("\(file.path): \(ReadableUnits.bytes(file.byteCount)) · \(file.id)")
    }
    common.printer.say(
      "\(files.count) files, \(ReadableUnits.count(library.engineByteCount)) bytes of RAM for the engine, "
        + "a context of \(library.contextLength) positions")
    common.printer.say("next: \(folder)/README.md; docs/guides/embedding-the-engine.md")
  }
}
