import Formats
import Networks

/// What a model of a shape would take of a board, before it is trained.
public struct BoardFit: Sendable {
  public var board: TargetBoard
  public var engine: FittedEngine
  public var shape: ImageShape
  public var contextLength: Int
  /// The compiler's level, `-O2` or `-Os`.
  public var level: String
  /// Tables of the integer engine that stand in RAM at once; nil where the engine's own number fits, or there are none.
  public var tableGroupCount: Int?
  public var imageByteCount: Int
  public var codeByteCount: Int
  public var engineByteCount: Int
  /// As measured by painting it.
  public var stackByteCount: Int
  public var variableByteCount: Int
  /// For one byte, at a full window.
  public var instructionCount: Int

  public var flashByteCount: Int { imageByteCount + codeByteCount }
  public var ramByteCount: Int { engineByteCount + stackByteCount + variableByteCount }
  public var fitsFlash: Bool { flashByteCount <= board.flashByteCount }
  public var fitsRAM: Bool { ramByteCount <= board.ramByteCount }
  public var fits: Bool { fitsFlash && fitsRAM }

  /// An estimate: the clock, over the instructions, over the cycles that an instruction is assumed to take.
  public var bytesPerSecond: Double {
    Double(board.clockHertz) / (Double(instructionCount) * board.core.cyclesPerInstruction)
  }

  /// What a build must be given beyond its defaults.
  public var buildFlags: String {
    ([level] + (tableGroupCount.map { ["-DATOME_TABLE_GROUPS=\($0)u"] } ?? [])).joined(separator: " ")
  }
}

extension BoardFit {
  /// Takes the fastest build that fits: `-O2` before `-Os`, and as many tables as there is room for. Where none fits,
  /// the smallest is described.
  /// - Parameter imageByteCount: of a file that is there, its vocabulary included; what the shape takes when nil.
  /// - Throws: `HintedError` where the costs of the board's core were not measured.
  public init(
    _ shape: AtomeShape, on board: TargetBoard, variant: EngineVariant, contextLength: Int, costs: EngineCosts,
    imageByteCount: Int? = nil
  ) throws {
    let rows = try ["-O2", "-Os"].map {
      try costs.row(core: board.core.countedAs, level: $0, variant: variant)
    }
    let candidates = rows.flatMap { row in
      variant.tableGroupCounts(shape).map { groups in
        BoardFit(shape, board, variant, contextLength, row, tableGroupCount: groups, imageByteCount)
      }
    }
    self = candidates.first(where: \.fits) ?? candidates[candidates.count - 1]
  }

  private init(
    _ shape: AtomeShape, _ board: TargetBoard, _ variant: EngineVariant, _ contextLength: Int, _ row: EngineCosts.Row,
    tableGroupCount: Int, _ imageByteCount: Int?
  ) {
    let footprint = variant.footprint(shape, tableGroupCount: tableGroupCount)
    self.init(
      board: board, engine: .atome(variant), shape: .atome(shape), contextLength: contextLength, level: row.level,
      tableGroupCount: tableGroupCount == EngineFootprint.tableGroupCount ? nil : tableGroupCount,
      imageByteCount: imageByteCount ?? footprint.imageByteCount, codeByteCount: row.codeByteCount,
      engineByteCount: footprint.engineByteCount(contextLength: contextLength), stackByteCount: row.stackByteCount,
      variableByteCount: row.variableByteCount,
      instructionCount: Int(
        row.instructions.count(shape, filled: contextLength, tableGroupCount: tableGroupCount).rounded()))
  }
}

// MARK: - Compact students

/// The engine that a shape is shown with.
public enum FittedEngine: Hashable, Sendable, CustomStringConvertible {
  case atome(EngineVariant)
  case compact

  public var description: String {
    switch self {
    case .atome(let variant): "\(variant)"
    case .compact: "compact"
    }
  }
}

extension BoardFit {
  /// Of a compact student, which takes the same at any place of a text.
  /// - Parameters:
  ///   - contextLength: is said again, and changes nothing.
  ///   - imageByteCount: of a file that is there, its vocabulary included; what the shape takes when nil.
  ///   - rowCount: rows of the table.
  /// - Throws: `HintedError` where the costs of the board's core were not measured.
  public init(
    _ shape: CompactShape, on board: TargetBoard, contextLength: Int, costs: EngineCosts, imageByteCount: Int? = nil,
    rowCount: Int = CompactShape.vocabularySize
  ) throws {
    let imageByteCount = imageByteCount ?? shape.imageByteCount(rowCount: rowCount)
    let candidates = try ["-O2", "-Os"].map { level in
      let row = try costs.compact(core: board.core.countedAs, level: level)
      let footprint = EngineFootprint(compact: shape, imageByteCount: imageByteCount)
      return BoardFit(
        board: board, engine: .compact, shape: .compact(shape), contextLength: contextLength, level: level,
        tableGroupCount: nil, imageByteCount: imageByteCount, codeByteCount: row.codeByteCount,
        engineByteCount: footprint.engineByteCount(contextLength: contextLength), stackByteCount: row.stackByteCount,
        variableByteCount: row.variableByteCount,
        instructionCount: Int(row.instructions.count(shape, rowCount: rowCount).rounded()))
    }
    self = candidates.first(where: \.fits) ?? candidates[candidates.count - 1]
  }
}
