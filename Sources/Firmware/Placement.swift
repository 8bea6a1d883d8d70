import Basics
import Formats
import Lineage

/// Where a model runs as a core's firmware, and how long a context the board's RAM leaves room for.
public struct Placement: Hashable, Sendable {
  public var board: Board
  /// At most what was asked for.
  public var contextLength: Int
}

extension Placement {
  /// RAM of the runner: stack, the sampler, a buffer for writing, the fault handler's stack.
  static let runnerRAMByteCount = 7680
  /// Flash of engine, runner and the compiler's arithmetic.
  static let codeByteCount = 16_384
  /// A window shorter than this proves little: another board is tried first.
  static let shortestContextLength = 8

  /// Takes the first board that holds the model, with the longest context up to the one of the vectors.
  /// - Throws: `HintedError` when no board of the core holds it.
  init(
    of image: (shape: AtomeShape, byteCount: Int), answering vectors: VerificationVectors, on core: Core,
    firmwareFolder: String
  ) throws {
    let enough = min(vectors.contextLength, Self.shortestContextLength)
    for board in core.boards {
      let budget = try board.budget(in: firmwareFolder)
      let flash = image.byteCount + vectors.bytes.count + Self.codeByteCount
      let fixed = image.shape.engineByteCount(contextLength: 0) + Self.runnerRAMByteCount
      let room = (budget.ramByteCount - fixed) / image.shape.engineByteCountPerPosition
      guard flash <= budget.flashByteCount, room >= enough else { continue }
      self.init(board: board, contextLength: min(vectors.contextLength, room))
      return
    }
    throw HintedError(
      "no emulated board with a \(core) holds this model: "
        + "it needs \(ReadableUnits.count(image.byteCount)) bytes of flash and "
        + "\(ReadableUnits.count(image.shape.engineByteCount(contextLength: enough))) of RAM at \(enough) positions",
      hint: "choose another core", status: .unavailable)
  }
}

extension AtomeShape {
  /// Keys and values of one position, all layers together.
  package var engineByteCountPerPosition: Int { 4 * layerCount * (headWidth + modelWidth) }

  /// Work memory of the C engine (`atome_engine_memory_size`), which alone knows; a test holds the two equal.
  package func engineByteCount(contextLength: Int) -> Int {
    let perLayer = 2 * modelWidth + kernelSize * modelWidth
    let shared = 4 * modelWidth + headWidth + 2 * topK + Self.vocabularySize
    return 4 * (layerCount * perLayer + shared) + contextLength * engineByteCountPerPosition
  }
}
