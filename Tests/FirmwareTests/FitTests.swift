import Firmware
import Formats
import Networks
import TestSupport
import Testing

@Suite("Fit")
struct FitTests {
  static let folder = Bench.firmwareFolder

  static func boards() throws -> [TargetBoard] { try TargetBoard.all(firmwareFolder: folder) }
  static func costs() throws -> EngineCosts { try EngineCosts.read(firmwareFolder: folder) }

  @Test("every board's core is measured, for every engine and level")
  func measured() throws {
    let costs = try Self.costs()
    for board in try Self.boards() {
      for variant in EngineVariant.all {
        for level in EmulatedCore.optimizations {
          let row = try costs.row(core: board.core.countedAs, level: level, variant: variant)
          #expect(row.codeByteCount > 2048 && row.stackByteCount > 100 && row.largestError < 0.1)
        }
      }
      for level in EmulatedCore.optimizations {
        let row = try costs.compact(core: board.core.countedAs, level: level)
        #expect(row.codeByteCount > 2048 && row.stackByteCount > 100 && row.largestError < 0.1)
      }
    }
  }

  @Test("a board that firmware is built for has the memories of its budget")
  func budgets() throws {
    for board in try Self.boards() {
      guard let name = board.firmwareBoard else { continue }
      let budget = try Board(name, machine: "").budget(in: Self.folder)
      // The RP2040's second boot stage takes 256 bytes.
      #expect((board.flashByteCount - 256...board.flashByteCount).contains(budget.flashByteCount))
      #expect(board.ramByteCount == budget.ramByteCount)
      #expect(try TargetBoard.named(name, firmwareFolder: Self.folder) == board)
    }
  }

  @Test("a build takes as many tables as there is room for", arguments: CacheWidth.allCases)
  func tables(cache: CacheWidth) throws {
    let board = try TargetBoard.named("microbit", firmwareFolder: Self.folder)
    var counts: [Int] = []
    for contextLength in 4...32 {
      let fit = try BoardFit(
        .atome60K, on: board, variant: .integer(cache), contextLength: contextLength, costs: try Self.costs())
      guard fit.fits, let count = fit.tableGroupCount else { continue }
      counts.append(count)
      let more = EngineFootprint(
        integer: .atome60K, cache: cache, imageByteCount: 0, tableGroupCount: count + 1)
      let rest = fit.stackByteCount + fit.variableByteCount
      #expect(more.engineByteCount(contextLength: contextLength) + rest > board.ramByteCount)
      #expect(fit.buildFlags.hasSuffix(" -DATOME_TABLE_GROUPS=\(count)u"))
    }
    #expect(counts.count > 3 && counts == counts.sorted(by: >) && counts.allSatisfy { (1...12).contains($0) })
  }

  @Test("all that a search finds fits, the largest first, and nothing larger of its grid does", arguments: [16, 64])
  func search(contextLength: Int) throws {
    let costs = try Self.costs()
    for board in try Self.boards() {
      let search = ShapeSearch(
        board: board, variants: EngineVariant.all, looksAtCompact: false, contextLength: contextLength, costs: costs)
      let found = try search.best(10)
      let counts = found.map(\.shape.parameterCount)
      #expect(found.count == 10 && found.allSatisfy { $0.fits && $0.flashByteCount <= board.flashByteCount })
      #expect(counts == counts.sorted(by: >))
      let largest = try ShapeSearch.shapes.filter { shape in
        try EngineVariant.all.contains {
          try BoardFit(shape, on: board, variant: $0, contextLength: contextLength, costs: costs).fits
        }
      }.map(\.parameterCount).max()
      #expect(counts.first == largest)
    }
  }

  @Test("a compact student takes what its image and engine take, and no more at a longer context")
  func compact() throws {
    let (board, costs) = (try TargetBoard.named("microbit", firmwareFolder: Self.folder), try Self.costs())
    for (name, shape) in CompactShape.presets {
      let fits = try [16, 65_536].map { try BoardFit(shape, on: board, contextLength: $0, costs: costs) }
      #expect(fits[0].ramByteCount == fits[1].ramByteCount && fits[0].instructionCount == fits[1].instructionCount)
      #expect(fits[0].imageByteCount == shape.imageByteCount && fits[0].engineByteCount < 8192)
      #expect(fits[0].fits == (name != "atome-280kb"), "\(name)")
    }
    let found = try ShapeSearch(
      board: board, variants: [], looksAtCompact: true, contextLength: 64, costs: costs
    ).best(10)
    #expect(found.count == 10 && found.allSatisfy { $0.fits && $0.engine == .compact })
    let largest = try ShapeSearch.compactShapes.filter {
      try BoardFit($0, on: board, contextLength: 64, costs: costs).fits
    }.map(\.parameterCount).max()
    #expect(found.first?.shape.parameterCount == largest)
  }

  @Test("a search can ask for speed")
  func speed() throws {
    let board = try TargetBoard.named("bluepill", firmwareFolder: Self.folder)
    var search = ShapeSearch(
      board: board, variants: EngineVariant.all, looksAtCompact: true, contextLength: 16, costs: try Self.costs())
    let slowest = try #require(try search.best(1).first)
    search.leastBytesPerSecond = 2 * slowest.bytesPerSecond
    let found = try search.best(10)
    #expect(!found.isEmpty && found.allSatisfy { $0.bytesPerSecond >= search.leastBytesPerSecond })
    search.leastBytesPerSecond = 1e9
    #expect(try search.best(10).isEmpty)
  }

  @Test("a board has one name, in the table and among those that firmware is built for; its chip's name does as well")
  func names() throws {
    let table = try TargetBoard.all(firmwareFolder: Self.folder)
    let built = table.filter { $0.firmwareBoard != nil }
    #expect(Set(built.map(\.name)) == Set(DevelopmentBoard.all.map(\.name)))
    for board in built {
      #expect(board.firmwareBoard == board.name)
      let chip = board.chip.lowercased()
      #expect(try TargetBoard.named(chip, firmwareFolder: Self.folder).name == board.name)
      #expect(try DevelopmentBoard.named(chip).name == board.name)
    }
  }

  @Test("more context and more layers never take less")
  func monotone() throws {
    let board = try TargetBoard.named("rp2040", firmwareFolder: Self.folder)
    for variant in EngineVariant.all {
      let fits = try [(2, 16), (2, 32), (3, 32)].map { layers, contextLength in
        let shape = AtomeShape(modelWidth: 48, layerCount: layers, headWidth: 16, topK: 4, kernelSize: 5)
        return try BoardFit(shape, on: board, variant: variant, contextLength: contextLength, costs: try Self.costs())
      }
      for (less, more) in zip(fits, fits.dropFirst()) {
        #expect(less.flashByteCount <= more.flashByteCount && less.ramByteCount < more.ramByteCount)
        #expect(less.instructionCount < more.instructionCount)
      }
    }
  }
}
