import Basics
import Firmware
import Formats
import Networks
import TestSupport
import Testing

/// What `alambic fit` promises against programs that are built and counted here.
@Suite("Fit against builds", .needs(Core.all.flatMap(\.requiredTools)))
struct FitCountTests {
  /// None of those that firmware/fit/measure.py counts.
  static let shapes = [
    AtomeShape(modelWidth: 64, layerCount: 3, headWidth: 24, topK: 4, kernelSize: 5),
    AtomeShape(modelWidth: 40, layerCount: 5, headWidth: 12, topK: 2, kernelSize: 7),
  ]
  /// How far the instructions may be off.
  static let tolerance = 0.1

  @Test(
    "instructions are within 10 % of a count, sizes are at most what fit says and close to it",
    arguments: [Core.cortexM0, .cortexM3, .cortexM4, .cortexM7, .cortexM33, .rv32imc, .rv32imac], EngineVariant.all)
  func counted(core: Core, variant: EngineVariant) async throws {
    let row = try Self.costs().row(core: core.name, level: "-O2", variant: variant)
    for shape in Self.shapes {
      let build = try await Self.count(Self.image(shape, variant), on: core)
      let estimate = row.instructions.count(shape, filled: 63, tableGroupCount: EngineFootprint.tableGroupCount)
      let error = estimate / Double(try #require(build["n63"])) - 1
      #expect(abs(error) < Self.tolerance, "\(shape): \(estimate) is off by \(error)")
      let flash = variant.imageByteCount(shape) + row.codeByteCount
      #expect((flash - 512...flash).contains(try #require(build["flash_used"])))
      #expect(try #require(build["stack"]) <= row.stackByteCount)
      #expect(try #require(build["ram_used"]) - (try #require(build["stack_size"])) <= row.variableByteCount)
    }
  }

  @Test("fewer tables take less RAM and more instructions, as estimated", arguments: [Core.cortexM0, .cortexM4])
  func fewerTables(core: Core) async throws {
    let (shape, variant) = (Self.shapes[0], EngineVariant.integer(.int16))
    let row = try Self.costs().row(core: core.name, level: "-O2", variant: variant)
    let build = try await Self.count(
      Self.image(shape, variant), on: core, variables: ["OPT=-O2 -DATOME_TABLE_GROUPS=4u"])
    let estimate = row.instructions.count(shape, filled: 63, tableGroupCount: 4)
    #expect(abs(estimate / Double(try #require(build["n63"])) - 1) < Self.tolerance)
    let footprint = EngineFootprint(integer: shape, cache: .int16, imageByteCount: 0, tableGroupCount: 4)
    #expect(footprint.engineByteCount(contextLength: 64) == build["memory"])
  }

  @Test("the talking firmware takes what fit says, and its own text and serial line", arguments: DevelopmentBoard.all)
  func talking(board: DevelopmentBoard) async throws {
    let target = try TargetBoard.named(board.name, firmwareFolder: Bench.firmwareFolder)
    for (bench, variant) in [(Bench.float, EngineVariant.float), (try Bench.integer, .integer(.int8))] {
      guard case .atome(let shape) = try ModelImage(reading: bench.image, name: "the model").shape else { continue }
      let fit = try BoardFit(
        shape, on: target, variant: variant, contextLength: Bench.contextLength, costs: try Self.costs())
      try await bench.withFirmware(for: board) { firmware, _ in
        let (extraFlash, extraRAM) = (4096, 1024)
        #expect((fit.flashByteCount - 1024...fit.flashByteCount + extraFlash).contains(firmware.flashByteCount))
        let variables = firmware.ramByteCount - 4096 - fit.engineByteCount
        #expect((0...extraRAM).contains(variables))
      }
    }
  }

  @Test("an image without a trailer is counted by the shape that make is told")
  func withoutTrailer() async throws {
    let shape = RandomModel.small
    let file = Self.image(shape, .float)
    let told = "SHAPE=\(shape.dimensions.map(String.init).joined(separator: ","))"
    let bare = try await Self.count(Array(file.dropLast(AtomeTrailer.byteCount)), on: .cortexM4, variables: [told])
    let whole = try await Self.count(file, on: .cortexM4)
    // The compiler may lay out the two programs differently.
    #expect(abs(Double(try #require(whole["n63"])) / Double(try #require(bare["n63"])) - 1) < 0.02)
  }

  static func costs() throws -> EngineCosts { try EngineCosts.read(firmwareFolder: Bench.firmwareFolder) }

  private static func image(_ shape: AtomeShape, _ variant: EngineVariant) -> [UInt8] {
    switch variant {
    case .float: AtomeImageFile.write(RandomModel.make(seed: 5, shape: shape), provenance: nil)
    case .integer(let cache):
      IntegerImageFile.write(RandomModel.makeInteger(seed: 5, shape: shape, cache: cache), provenance: nil)
    }
  }

  /// What `make count` prints, and the linker's sums.
  private static func count(
    _ model: [UInt8], on core: Core, variables: [String] = []
  ) async throws -> [String: Int] {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(model, to: "\(folder)/model.atome")
      // The last board of a core holds the most.
      let board = core.boards[core.boards.count - 1].name
      let make = ["-s", "-C", Bench.firmwareFolder, "count", "BOARD=\(board)", "OUT=\(folder)"]
      let made = try await runTool("make", make + ["IMAGE=\(folder)/model.atome"] + variables, in: folder)
      try #require(made.status == 0, "\(made.messages)")
      let symbols = try await runTool(core.toolchain.compiler.replacing("gcc", with: "nm"), ["count.elf"], in: folder)
      return numbers(made.output, radix: 10, name: 0, value: 1)
        .merging(numbers(symbols.output, radix: 16, name: 2, value: 0)) { _, last in last }
    }
  }

  private static func numbers(_ output: [UInt8], radix: Int, name: Int, value: Int) -> [String: Int] {
    let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).map {
      $0.split(separator: " ")
    }
    let pairs = lines.compactMap { words in
      words.count > max(name, value) ? Int(words[value], radix: radix).map { (String(words[name]), $0) } : nil
    }
    return Dictionary(pairs) { _, last in last }
  }
}
