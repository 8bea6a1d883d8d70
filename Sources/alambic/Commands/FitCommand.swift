import ArgumentParser
import Basics
import Firmware
import Formats
import Networks
import Workbench

/// `alambic fit`: what a model would take of a board, before it is trained.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Say whether a model fits a board, and how fast it would be, before training it.",
    discussion: """
      Without a shape, all presets are shown; without an engine, each. Flash is image and code,
      RAM is the engine's work memory, its stack and its variables. The exit status is 1 when
      nothing that was asked for fits.

      EXAMPLES
        alambic fit --board rpi-pico
        alambic fit --board bluepill --search --context 32 --min-bytes-per-second 20
        alambic fit model.atome --board nucleo-f411re --json
      """.paragraphs)

  /// Which arithmetic.
  enum Engine: String, CaseIterable, ExpressibleByArgument { case float, integer, compact }

  @Argument(help: ArgumentHelp("An image, instead of a shape.", valueName: "file"), completion: .file())
  var file: String?
  @Option(help: ArgumentHelp("The board; an unknown name lists all of them.", valueName: "name"))
  var board: String
  @Option(help: ArgumentHelp("The attention window, in positions.", valueName: "positions"))
  var context = 64
  @OptionGroup var shape: ShapeOptions
  @Option(help: "One engine only: float, integer or compact.")
  var engine: Engine?
  @Option(help: "How wide the integer engine remembers keys and values: int16 or int8.")
  var cache: CacheWidth?
  @Flag(help: "List the shapes with the most parameters that the board holds.")
  var search = false
  @Option(help: ArgumentHelp("With --search: leave out what is estimated to be slower.", valueName: "rate"))
  var minBytesPerSecond: Double?
  @OptionGroup var common: CommonOptions

  func run() throws {
    try checkOptions()
    let firmware = try FirmwareFolder.locate()
    let board = try TargetBoard.named(board, firmwareFolder: firmware)
    let costs = try EngineCosts.read(firmwareFolder: firmware)
    let fits = try search ? found(on: board, costs) : asked(on: board, costs)
    if common.json {
      try Output.json(FitAnswer(board, contextLength: context, fits))
    } else {
      Output.text(FitTable.text(fits, on: board, contextLength: context))
    }
    if !fits.contains(where: \.fits) { throw ExitStatus.answerIsNo }
  }

  private func checkOptions() throws {
    try Limits.check("--context", context, in: 1...65_536)
    if engine != .integer, engine != nil, cache != nil {
      throw HintedError(
        "--cache is of the integer engine", hint: "leave it out, or choose --engine integer", status: .usage)
    }
    if minBytesPerSecond != nil, !search {
      throw HintedError("--min-bytes-per-second needs --search", hint: "add --search", status: .usage)
    }
    if search, file != nil || shape.shape != nil || shape.preset != nil {
      throw HintedError("--search looks for shapes and takes none", hint: "leave the shape out", status: .usage)
    }
  }

  /// The engines that were asked for, or all.
  private var variants: [EngineVariant] {
    switch (engine, cache) {
    case (.float, _): [.float]
    case (.compact, _): []
    case (_, let cache?): [.integer(cache)]
    case (.integer, nil): CacheWidth.allCases.reversed().map(EngineVariant.integer)
    case (nil, nil): EngineVariant.all
    }
  }

  private func found(on board: TargetBoard, _ costs: EngineCosts) throws -> [BoardFit] {
    try ShapeSearch(
      board: board, variants: variants, looksAtCompact: looksAtCompact, contextLength: context,
      leastBytesPerSecond: minBytesPerSecond ?? 0,
      costs: costs
    ).best(10)
  }

  private func asked(on board: TargetBoard, _ costs: EngineCosts) throws -> [BoardFit] {
    if let file { return try fits(of: file, on: board, costs) }
    let requested = try shape.requestedStudent(window: context)
    let shapes = try requested.map { [try ImageShape($0)] } ?? presets
    return try shapes.flatMap { try fits($0, variants, on: board, costs) }
  }

  /// A file with its own engine and its own bytes, unless another engine was chosen: then as its shape would be.
  private func fits(of file: String, on board: TargetBoard, _ costs: EngineCosts) throws -> [BoardFit] {
    let bytes = try AtomicFile.read(file)
    let image = try ModelImage(reading: bytes, name: file, shape: try shape.requestedShape())
    guard engine == nil, cache == nil else { return try fits(image.shape, variants, on: board, costs) }
    if case .compact(let contents) = image {
      let fit = try BoardFit(
        contents.model.shape, on: board, contextLength: context, costs: costs, imageByteCount: bytes.count,
        rowCount: contents.model.rows.rowCount)
      return [fit]
    }
    return try fits(
      image.shape, EngineVariant(of: image).map { [$0] } ?? [], on: board, costs, imageByteCount: bytes.count)
  }

  private func fits(
    _ shape: ImageShape, _ variants: [EngineVariant], on board: TargetBoard, _ costs: EngineCosts,
    imageByteCount: Int? = nil
  ) throws -> [BoardFit] {
    switch shape {
    case .atome(let shape):
      try variants.map {
        try BoardFit(
          shape, on: board, variant: $0, contextLength: context, costs: costs, imageByteCount: imageByteCount)
      }
    case .compact(let shape): [try BoardFit(shape, on: board, contextLength: context, costs: costs)]
    }
  }

  private var looksAtCompact: Bool { (engine ?? .compact) == .compact && cache == nil }

  private var presets: [ImageShape] {
    (variants.isEmpty ? [] : AtomeShape.presets.map { .atome($0.shape) })
      + (looksAtCompact ? CompactShape.presets.map { .compact($0.shape) } : [])
  }
}
