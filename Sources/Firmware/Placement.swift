import Basics
import Formats
import Networks

/// Where a model runs as a core's firmware, and how long a context the board's RAM leaves room for.
public struct Placement: Hashable, Sendable {
  public var board: Board
  /// At most what was asked for.
  public var contextLength: Int
}

extension Placement {
  /// RAM of the runner: stack, the sampler, a buffer for writing, the fault handler's stack.
  package static let runnerRAMByteCount = 7680
  /// Flash of engine, runner and the compiler's arithmetic, at most; an RV32IMC's at -O2 is the largest.
  package static let codeByteCount = 25_088
  /// A window shorter than this proves little: another board is tried first.
  static let shortestContextLength = 8

  /// Takes the first board that holds the model, with the longest context up to the one of the vectors.
  /// - Throws: `HintedError` when no board of the core holds it.
  init(
    of footprint: EngineFootprint, answering vectors: VerificationVectors, on core: Core,
    firmwareFolder: String
  ) throws {
    let enough = min(vectors.contextLength, Self.shortestContextLength)
    for board in core.boards {
      let budget = try board.budget(in: firmwareFolder)
      let flash = footprint.imageByteCount + vectors.bytes.count + Self.codeByteCount
      let room = footprint.contextLength(inByteCount: budget.ramByteCount - Self.runnerRAMByteCount)
      guard flash <= budget.flashByteCount, room >= enough else { continue }
      self.init(board: board, contextLength: min(vectors.contextLength, room))
      return
    }
    throw HintedError(
      "no emulated board with a \(core) holds this model: "
        + "it needs \(ReadableUnits.count(footprint.imageByteCount)) bytes of flash and "
        + "\(ReadableUnits.count(footprint.engineByteCount(contextLength: enough))) of RAM at \(enough) positions",
      hint: "choose another core", status: .unavailable)
  }
}
