import Basics
import Console
import Firmware
import Formats
import Networks

/// What `alambic fit` shows a person.
enum FitTable {
  static func text(_ fits: [BoardFit], on board: TargetBoard, contextLength: Int) -> String {
    let title = "\(board.title) (\(board.chip)), \(hardware(board)); context \(contextLength)"
    if fits.isEmpty { return "\(title)\n\nno shape of the grid fits" }
    return "\(title)\n\n\(table(fits))\n\n\(note(board))"
  }

  /// `Cortex-M0+ at 125 MHz, 2.0 MiB of flash, 264.0 KiB of RAM`.
  static func hardware(_ board: TargetBoard) -> String {
    "\(board.core.name) at \(board.clockHertz / 1_000_000) MHz, "
      + "\(ReadableUnits.bytes(board.flashByteCount)) of flash, \(ReadableUnits.bytes(board.ramByteCount)) of RAM"
  }

  private static func table(_ fits: [BoardFit]) -> String {
    var table = Table([
      ("shape", .left), ("parameters", .right), ("engine", .left), ("flash", .right), ("RAM", .right),
      ("instructions", .right), ("bytes/s", .right), ("fits", .left), ("built with", .left),
    ])
    for fit in fits { table.add(cells(fit)) }
    return table.text
  }

  /// A row; also of the page in docs/reference.
  static func cells(_ fit: BoardFit) -> [String] {
    [
      name(of: fit.shape), ReadableUnits.count(fit.shape.parameterCount),
      "\(fit.engine)", ReadableUnits.bytes(fit.flashByteCount), ReadableUnits.bytes(fit.ramByteCount),
      ReadableUnits.count(fit.instructionCount), rate(fit.bytesPerSecond), verdict(fit), fit.buildFlags,
    ]
  }

  /// A preset's name, as other commands take it; else the dimensions.
  private static func name(of shape: ImageShape) -> String {
    Architectures.presetNames.contains(shape.presetName)
      ? shape.presetName : shape.dimensions.map(String.init).joined(separator: ", ")
  }

  private static func rate(_ bytesPerSecond: Double) -> String {
    "~\(bytesPerSecond.rounded(toPlaces: bytesPerSecond < 10 ? 1 : 0))"
  }

  static func verdict(_ fit: BoardFit) -> String {
    if fit.fits { return "yes" }
    return "no: " + [(fit.fitsFlash, "flash"), (fit.fitsRAM, "RAM")].filter { !$0.0 }.map(\.1).joined(separator: ", ")
  }

  private static func note(_ board: TargetBoard) -> String {
    let caveat = board.core.caveat.map { "\n\($0)" } ?? ""
    return """
      bytes/s is an estimate: the clock, over the instructions of a byte at a full window, over the
      \(board.core.cyclesPerInstruction) cycles that an instruction is assumed to take; waits for flash are not in it
      """ + caveat
  }
}

/// What `alambic fit --json` prints.
struct FitAnswer: Encodable {
  struct Row: Encodable {
    var shape: ImageShape
    var parameterCount: Int
    var engine: String
    var cacheBitCount: Int?
    var fits: Bool
    var flashByteCount: Int
    var imageByteCount: Int
    var codeByteCount: Int
    var ramByteCount: Int
    var engineByteCount: Int
    var stackByteCount: Int
    var variableByteCount: Int
    var instructionCount: Int
    var estimatedBytesPerSecond: Double
    var buildFlags: String

    init(_ fit: BoardFit) {
      shape = fit.shape
      parameterCount = fit.shape.parameterCount
      switch fit.engine {
      case .atome(.float): engine = "float"
      case .atome(.integer(let cache)): (engine, cacheBitCount) = ("integer", cache.rawValue)
      case .compact: engine = "compact"
      }
      fits = fit.fits
      flashByteCount = fit.flashByteCount
      imageByteCount = fit.imageByteCount
      codeByteCount = fit.codeByteCount
      ramByteCount = fit.ramByteCount
      engineByteCount = fit.engineByteCount
      stackByteCount = fit.stackByteCount
      variableByteCount = fit.variableByteCount
      instructionCount = fit.instructionCount
      estimatedBytesPerSecond = fit.bytesPerSecond
      buildFlags = fit.buildFlags
    }
  }

  var schema = "alambic.fit/1"
  var board: String
  var core: String
  var clockHertz: Int
  var flashByteCount: Int
  var ramByteCount: Int
  var assumedCyclesPerInstruction: Double
  var caveat: String?
  var contextLength: Int
  var rows: [Row]

  init(_ board: TargetBoard, contextLength: Int, _ fits: [BoardFit]) {
    self.board = board.name
    core = board.core.name
    clockHertz = board.clockHertz
    flashByteCount = board.flashByteCount
    ramByteCount = board.ramByteCount
    assumedCyclesPerInstruction = board.core.cyclesPerInstruction
    caveat = board.core.caveat
    self.contextLength = contextLength
    rows = fits.map(Row.init)
  }
}
