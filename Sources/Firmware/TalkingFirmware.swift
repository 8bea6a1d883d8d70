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
  /// T, positions that attention sees.
  public var contextLength: Int

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
  ///   - mayShorten: where the board's RAM is too small, take the longest context that it holds.
  /// - Throws: `HintedError` when a tool is missing, or the board's flash or RAM is too small.
  public static func build(
    model: [UInt8], name: String, settings: Settings, firmwareFolder: String, in folder: String,
    mayShorten: Bool = false, toolbox: Toolbox = Toolbox()
  ) async throws -> TalkingFirmware {
    try toolbox.require(requiredTools)
    let (modelPath, promptPath) = ("\(folder)/model.atome", "\(folder)/prompt.bin")
    try AtomicFile.write(model, to: modelPath)
    try AtomicFile.write(settings.prompt, to: promptPath)
    var settings = settings
    let files = [("IMAGE", modelPath), ("IMAGE_NAME", name), ("PROMPT_PATH", promptPath), ("OUT", folder)]
    let make = FirmwareMake(folder: firmwareFolder, toolbox: toolbox)
    do {
      try await self.make(settings, files, with: make)
    } catch let shortage as Shortage where shortage.memory == .ram && mayShorten {
      settings.contextLength = try await longestContext(below: shortage, files, with: make)
      try await self.make(settings, files, with: make)
    } catch let shortage as Shortage {
      throw shortage.forPerson
    }
    return try TalkingFirmware(settings, folder: folder)
  }

  /// The longest context that the board's RAM holds; only the linker knows what else stands there.
  private static func longestContext(
    below shortage: Shortage, _ files: [(name: String, value: String)], with make: FirmwareMake
  ) async throws -> Int {
    var (fits, fails, settings) = (0, shortage.settings.contextLength, shortage.settings)
    while fails - fits > 1 {
      settings.contextLength = (fits + fails) / 2
      do {
        try await self.make(settings, files, with: make)
        fits = settings.contextLength
      } catch is Shortage {
        fails = settings.contextLength
      }
    }
    guard fits > 0 else { throw shortage.forPerson }
    return fits
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
      throw shortage(in: error.message).map { Shortage(memory: $0, settings: settings) } ?? error
    }
  }

  /// A board's memory that a program does not fit into.
  private struct Shortage: Error {
    var memory: Memory
    var settings: Settings

    var forPerson: HintedError {
      HintedError(
        "\(settings.board) has too little \(memory.rawValue) for this model at a context of "
          + "\(settings.contextLength) positions",
        hint: "choose a shorter context, or a smaller model", status: .unavailable)
    }
  }

  private enum Memory: String {
    case flash
    case ram = "RAM"
  }

  /// The memory that the linker says is too small; nil for any other complaint.
  private static func shortage(in message: String) -> Memory? {
    if message.contains("ram_bytes") || message.contains("`RAM'") { return .ram }
    return message.contains("flash_bytes") || message.contains("`FLASH'") ? .flash : nil
  }

  /// What make left in a folder, packed for the board.
  private init(_ settings: Settings, folder: String) throws {
    board = settings.board
    contextLength = settings.contextLength
    let read = { (name: String) in try AtomicFile.read("\(folder)/\(name)") }
    let flashed = (name: board.container.fileName, bytes: try board.container.pack(try read("firmware.bin")))
    let sizes = try CanonicalJSON.decode(FirmwareSizes.self, from: try read("size.json"), named: "\(folder)/size.json")
    transcript = try read("expected.txt")
    files = [flashed, ("firmware.elf", try read("firmware.elf")), ("expected.txt", transcript)]
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
