import Basics
import Foundation

/// A program for a board alone: it continues a prompt, and then every line that its serial line brings. With it comes
/// what it will say, as the same program said it on this machine.
public struct TalkingFirmware: Sendable {
  public var board: DevelopmentBoard
  /// Every file by its name, the one that is flashed first.
  public var files: [(name: String, bytes: [UInt8])]
  /// What the serial line will say; the board adds times to lines that begin with `#`.
  public var transcript: [UInt8]
  public var flashByteCount: Int
  public var ramByteCount: Int

  /// What the program is built with.
  public struct Settings: Sendable {
    public var board: DevelopmentBoard
    /// Any bytes; none, and the model begins a text of its own.
    public var prompt: [UInt8]
    /// T, positions that attention sees.
    public var contextLength: Int
    /// A text ends after so many bytes, or at the end of a document.
    public var textByteLimit: Int

    public init(board: DevelopmentBoard, prompt: [UInt8], contextLength: Int, textByteLimit: Int) {
      self.board = board
      self.prompt = prompt
      self.contextLength = contextLength
      self.textByteLimit = textByteLimit
    }
  }

  /// Every program that is needed.
  public static let requiredTools = ["make", "cc", "arm-none-eabi-gcc"]

  /// Builds it.
  /// - Parameters:
  ///   - model: an image with a trailer.
  ///   - name: how the program names the image: the first digits of its id.
  ///   - folder: for everything in between; absolute, made if missing.
  /// - Throws: `HintedError` when a tool is missing, or the board's flash or RAM is too small.
  public static func build(
    model: [UInt8], name: String, settings: Settings, firmwareFolder: String, in folder: String,
    toolbox: Toolbox = Toolbox()
  ) async throws -> TalkingFirmware {
    try toolbox.require(requiredTools)
    let (modelPath, promptPath) = ("\(folder)/model.atome", "\(folder)/prompt.bin")
    try AtomicFile.write(model, to: modelPath)
    try AtomicFile.write(settings.prompt, to: promptPath)
    try await make(
      settings, [("IMAGE", modelPath), ("IMAGE_NAME", name), ("PROMPT_PATH", promptPath), ("OUT", folder)],
      with: FirmwareMake(folder: firmwareFolder, toolbox: toolbox))
    return try TalkingFirmware(board: settings.board, folder: folder)
  }

  private static func make(
    _ settings: Settings, _ files: [(name: String, value: String)], with make: FirmwareMake
  ) async throws {
    let board = settings.board
    let variables = [
      ("BOARD", board.name), ("CONTEXT", "\(settings.contextLength)"), ("BYTES", "\(settings.textByteLimit)"),
    ]
    do {
      _ = try await make.build("board", variables + files, compiler: "arm-none-eabi-gcc")
    } catch let error as HintedError {
      throw refusal(by: settings, error.message) ?? error
    }
  }

  /// The linker's complaint that a memory is too small, for a person; nil for any other.
  private static func refusal(by settings: Settings, _ message: String) -> HintedError? {
    let memories = [("RAM", ["ram_bytes", "`RAM'"]), ("flash", ["flash_bytes", "`FLASH'"])]
    let full = memories.first { memory in memory.1.contains { message.contains($0) } }
    return full.map { memory in
      HintedError(
        "\(settings.board) has too little \(memory.0) for this model at a context of "
          + "\(settings.contextLength) positions",
        hint: "choose a shorter context, or a smaller model", status: .unavailable)
    }
  }

  /// What make left in a folder, packed for the board.
  private init(board: DevelopmentBoard, folder: String) throws {
    let read = { (name: String) in try AtomicFile.read("\(folder)/\(name)") }
    let flashed = (name: board.container.fileName, bytes: try board.container.pack(try read("firmware.bin")))
    let sizes = try CanonicalJSON.decode(FirmwareSizes.self, from: try read("size.json"), named: "\(folder)/size.json")
    transcript = try read("expected.txt")
    files = [flashed, ("firmware.elf", try read("firmware.elf")), ("expected.txt", transcript)]
    self.board = board
    flashByteCount = sizes.flashByteCount
    ramByteCount = sizes.ramByteCount
  }

  /// Writes every file, and `firmware.sha256` as `sha256sum --check` reads it.
  public func write(to folder: String) throws {
    for file in files { try AtomicFile.write(file.bytes, to: "\(folder)/\(file.name)") }
    let sums = files.map { "\(ContentID(of: $0.bytes).hex)  \($0.name)\n" }.joined()
    try AtomicFile.write(sums, to: "\(folder)/firmware.sha256")
  }
}

/// What make leaves beside a program.
struct FirmwareSizes: Decodable {
  var flashByteCount: Int
  var ramByteCount: Int

  enum CodingKeys: String, CodingKey {
    case flashByteCount = "flash_bytes"
    case ramByteCount = "ram_bytes"
  }
}
