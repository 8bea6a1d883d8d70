import Basics
import Formats
import Lineage

/// A model on an emulated core: built, run, and described for the report.
public struct EmulatedCore: Sendable {
  public let core: Core
  private let model: [UInt8]
  private let folder: String
  private let toolbox: Toolbox
  private let builder: FirmwareBuilder
  private let emulator: Emulator

  /// - Parameters:
  ///   - model: an ATOME01 file with a trailer.
  ///   - folder: for what is built; each core wants its own.
  public init(
    _ core: Core, model: [UInt8], firmwareFolder: String, in folder: String, toolbox: Toolbox = Toolbox(),
    timeLimit: Duration = .seconds(1800)
  ) {
    self.core = core
    self.model = model
    self.folder = folder
    self.toolbox = toolbox
    builder = FirmwareBuilder(firmwareFolder: firmwareFolder, toolbox: toolbox)
    emulator = Emulator(toolbox: toolbox, timeLimit: timeLimit)
  }

  public var name: String { "C engine, \(core.name) emulated" }

  /// Every program that is needed.
  public static let requiredTools = ["make", "cc", "arm-none-eabi-gcc", Emulator.program]

  /// What the core said, and what made it.
  public func answer(_ vectors: VerificationVectors) async throws -> BuiltAnswer {
    try toolbox.require(Self.requiredTools)
    let product = try await builder.build(model: model, vectors: vectors, for: core, in: folder)
    let transcript = try await emulator.run(product.image, on: core, answering: vectors, in: folder)
    return BuiltAnswer(
      transcript: transcript,
      tools: [
        try await toolbox.version(of: "arm-none-eabi-gcc"), try await toolbox.version(of: Emulator.program),
      ], flags: product.flags, firmware: product.image)
  }
}

/// A transcript by a program that was built for it.
public struct BuiltAnswer: Sendable {
  public var transcript: Transcript
  /// Versions of the compiler and, for a core, of the emulator.
  public var tools: [String]
  public var flags: String
  /// Nil on the host.
  public var firmware: FirmwareImage?
}
