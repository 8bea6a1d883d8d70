import Basics
import Formats

/// The same C engine and application, built for this machine by one compiler at one optimisation level.
public struct HostBuild: Sendable {
  /// `gcc`, `clang`.
  public let compiler: String
  /// `-O2`.
  public let optimization: String
  private let model: [UInt8]
  private let folder: String
  private let timeLimit: Duration
  private let make: FirmwareMake

  /// The compilers and levels at which the bits are compared.
  public static let compilers = ["gcc", "clang"]
  public static let optimizations = ["-O0", "-O2", "-O3"]

  /// - Parameters:
  ///   - model: an `.atome` file with a trailer.
  ///   - folder: for what is built; each build wants its own.
  public init(
    compiler: String, optimization: String, model: [UInt8], firmwareFolder: String, in folder: String,
    toolbox: Toolbox = Toolbox(), timeLimit: Duration = .seconds(600)
  ) {
    self.compiler = compiler
    self.optimization = optimization
    self.model = model
    self.folder = folder
    self.timeLimit = timeLimit
    make = FirmwareMake(folder: firmwareFolder, toolbox: toolbox)
  }

  public var name: String { "C engine, \(compiler) \(optimization)" }

  /// Builds the application and lets it answer.
  /// - Throws: `HintedError` when make or the compiler is missing, or the program stops.
  public func answer(_ vectors: VerificationVectors) async throws -> BuiltAnswer {
    try make.toolbox.require(["make", compiler])
    let paths = ["model.atome", "vectors.bin", "transcript.bin"].map { "\(folder)/\($0)" }
    try AtomicFile.write(model, to: paths[0])
    try AtomicFile.write(vectors.bytes, to: paths[1])
    let flags = try await make.build(
      "host", [("CC", compiler), ("OPT", optimization), ("OUT", folder)], compiler: compiler)
    let outcome = try await make.toolbox.run(
      "\(folder)/host-runner", paths + ["\(vectors.contextLength)"], in: folder, timeLimit: timeLimit)
    guard outcome.didSucceed else { throw RunnerFailure.error(of: outcome, on: name) }
    return BuiltAnswer(
      transcript: try Transcript(reading: try AtomicFile.read(paths[2]), name: paths[2], answering: vectors),
      tools: [try await make.toolbox.version(of: compiler)], flags: flags, firmware: nil)
  }
}
