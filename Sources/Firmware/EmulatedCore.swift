import Basics
import Formats
import Lineage
import Networks

/// A model on an emulated core: built, run, and described for the report.
public struct EmulatedCore: Sendable {
  public let core: Core
  /// `-O2`, `-Os`.
  public let optimization: String
  private let model: [UInt8]
  private let firmwareFolder: String
  private let folder: String
  private let toolbox: Toolbox
  private let timeLimit: Duration

  /// The levels at which the bits are compared.
  public static let optimizations = ["-O2", "-Os"]

  /// - Parameters:
  ///   - model: an image that says its shape.
  ///   - folder: for what is built; each core and level wants its own.
  public init(
    _ core: Core, optimization: String = "-O2", model: [UInt8], firmwareFolder: String, in folder: String,
    toolbox: Toolbox = Toolbox(), timeLimit: Duration = .seconds(1800)
  ) {
    self.core = core
    self.optimization = optimization
    self.model = model
    self.firmwareFolder = firmwareFolder
    self.folder = folder
    self.toolbox = toolbox
    self.timeLimit = timeLimit
  }

  public var name: String { "C engine, \(core.name) emulated, \(optimization)" }

  /// Every program that is needed for a core of Arm's.
  public static let requiredTools = Board.Toolchain.arm.requiredTools

  /// The board that stands for the core, and the longest context up to the vectors' that it leaves room for.
  /// - Throws: `HintedError` when no board of the core holds the model.
  public func placement(answering vectors: VerificationVectors) throws -> Placement {
    let image = try ModelImage(reading: model, name: "the model")
    return try Placement(
      of: EngineFootprint(of: image, byteCount: model.count), answering: vectors, on: core,
      firmwareFolder: firmwareFolder)
  }

  /// What the core said, and what made it.
  /// - Throws: `HintedError` when a tool is missing, the core stops, or the vectors' context does not fit it.
  public func answer(_ vectors: VerificationVectors) async throws -> BuiltAnswer {
    try toolbox.require(core.requiredTools)
    let placement = try placement(answering: vectors)
    guard placement.contextLength == vectors.contextLength else {
      throw HintedError(
        "\(core) has no room for a context of \(vectors.contextLength) positions with this model",
        hint: "choose a context of at most \(placement.contextLength)", status: .unavailable)
    }
    let product = try await FirmwareBuilder(firmwareFolder: firmwareFolder, toolbox: toolbox)
      .build(
        model: model, vectors: vectors, for: placement.board, isSoftFloat: core.isSoftFloat,
        optimization: optimization, in: folder)
    let transcript = try await Emulator(toolbox: toolbox, timeLimit: timeLimit)
      .run(product.image, on: placement.board, answering: vectors, in: folder)
    return BuiltAnswer(
      transcript: transcript,
      tools: [
        try await toolbox.version(of: core.toolchain.compiler), try await toolbox.version(of: core.toolchain.emulator),
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
