import Basics
import Firmware
import Formats
import Lineage
import Networks
import TestSupport
import Testing

/// Instructions of one step, as QEMU counts them, against what `firmware/counts.json` records. Compilers differ, so the
/// record names its own, and others are not compared.
@Suite("Instruction counts")
struct EngineCountTests {
  struct Record: Decodable {
    /// The first line of each compiler's `--version`, by its name.
    var compilers: [String: String]
    /// By board and level: instructions at 16, 32 and 63 bytes of context.
    var counts: [String: [String: Int]]
  }

  static let recordPath = "\(ParityTests.firmwareFolder)/counts.json"
  /// A step may take so many times what is recorded.
  static let tolerance = 1.01

  /// The engines whose steps are counted.
  enum Engine: String, CaseIterable, Sendable {
    case float, integer

    var armCores: [Core] { [.cortexM3, .cortexM4] + (self == .integer ? [.cortexM55] : []) }

    /// A 60 K model of random numbers.
    var image: [UInt8] {
      switch self {
      case .float: AtomeImageFile.write(RandomModel.make(seed: 1, shape: .atome60K), provenance: nil)
      case .integer:
        IntegerImageFile.write(RandomModel.makeInteger(seed: 1, shape: .atome60K, cache: .int16), provenance: nil)
      }
    }
  }

  @Test(
    "a step of the 60 K model takes at most 1 % more than recorded",
    .enabled("needs the Arm compiler that counts.json names, and QEMU") { try await hasRecordedCompiler(.cortexM3) },
    arguments: Engine.allCases.flatMap { engine in engine.armCores.map { (engine, $0) } }, EmulatedCore.optimizations)
  func counts(counted: (engine: Engine, core: Core), optimization: String) async throws {
    try await Self.check(counted.engine, counted.core, optimization)
  }

  @Test(
    "and so it does on RISC-V",
    .enabled("needs the RISC-V compiler that counts.json names, and QEMU") { try await hasRecordedCompiler(.rv64gc) },
    arguments: [Core.rv32imc, .rv32imac, .rv64gc].flatMap { core in Engine.allCases.map { ($0, core) } },
    EmulatedCore.optimizations)
  func countsOnRISCV(counted: (engine: Engine, core: Core), optimization: String) async throws {
    try await Self.check(counted.engine, counted.core, optimization)
  }

  private static func check(_ engine: Engine, _ core: Core, _ optimization: String) async throws {
    let board = core.boards[0]
    let key = "\(engine.rawValue) \(board.name) \(optimization)"
    let found = try await count(engine.image, on: board, optimization)
    let recorded = try #require(try record().counts[key], "\(key) is not recorded: \(found)")
    for name in ["n16", "n32", "n63"] {
      let (was, now) = (try #require(recorded[name]), try #require(found[name]))
      #expect(Double(now) <= Double(was) * tolerance, "\(key), \(name): \(now) instructions, recorded \(was)")
    }
  }

  private static func record() throws -> Record {
    try CanonicalJSON.decode(Record.self, from: try AtomicFile.read(recordPath), named: recordPath)
  }

  private static func hasRecordedCompiler(_ core: Core) async throws -> Bool {
    guard ParityTests.has(core.requiredTools) else { return false }
    let compiler = core.toolchain.compiler
    return try await ParityTests.toolbox.version(of: compiler) == (try record().compilers[compiler])
  }

  /// What `make count` prints: a name and a number a line.
  private static func count(
    _ model: [UInt8], on board: Board, _ optimization: String
  ) async throws -> [String: Int] {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(model, to: "\(folder)/model.atome")
      let make = [
        "-s", "-C", ParityTests.firmwareFolder, "count", "BOARD=\(board.name)", "OPT=\(optimization)", "OUT=\(folder)",
        "IMAGE=\(folder)/model.atome",
      ]
      let outcome = try await ParityTests.toolbox.run("make", make, in: folder, timeLimit: .seconds(120))
      try #require(outcome.didSucceed, "\(outcome.messages)")
      let pairs = outcome.output.split(whereSeparator: \.isNewline).map { $0.split(separator: " ") }
      return Dictionary(pairs.compactMap { pair in Int(pair[1]).map { (String(pair[0]), $0) } }) { _, last in last }
    }
  }
}
