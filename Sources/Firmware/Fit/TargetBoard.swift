import Basics

/// A board that a model may be meant for, as its data sheet tells it: `firmware/boards.json`.
public struct TargetBoard: Hashable, Sendable {
  /// What `--board` takes, of `fit` and of `firmware`.
  public var name: String
  /// What is printed on its box.
  public var title: String
  public var chip: String
  public var core: TargetCore
  public var clockHertz: Int
  public var flashByteCount: Int
  public var ramByteCount: Int
  /// The folder under `firmware/boards` that builds a firmware for it, of the same name; nil where there is none.
  public var firmwareBoard: String?
}

/// A processor core of such boards.
public struct TargetCore: Hashable, Sendable, Decodable {
  /// `Cortex-M0+`.
  public var name: String
  /// The core whose measured costs stand for this one's.
  public var countedAs: String
  /// Assumed, not measured: what the core's manual lets expect of loads, branches and additions, without wait states.
  public var cyclesPerInstruction: Double
  /// What a reader of the estimate must know.
  public var caveat: String?

  enum CodingKeys: String, CodingKey {
    case name, caveat
    case countedAs = "counted_as"
    case cyclesPerInstruction = "cycles_per_instruction"
  }
}

// MARK: - The table

extension TargetBoard {
  private struct File: Decodable {
    struct Row: Decodable {
      var name: String
      var title: String
      var chip: String
      var core: String
      var clockHertz: Int
      var flashByteCount: Int
      var ramByteCount: Int
      var firmwareBoard: String?

      enum CodingKeys: String, CodingKey {
        case name, title, chip, core
        case clockHertz = "clock_hz"
        case flashByteCount = "flash_bytes"
        case ramByteCount = "ram_bytes"
        case firmwareBoard = "firmware_board"
      }
    }

    var cores: [TargetCore]
    var boards: [Row]
  }

  /// Every board of the table, in its order.
  /// - Throws: `HintedError` when the table is missing or wrong.
  public static func all(firmwareFolder: String) throws -> [TargetBoard] {
    let path = "\(firmwareFolder)/boards.json"
    let file = try CanonicalJSON.decode(File.self, from: try AtomicFile.read(path), named: path)
    return try file.boards.map { row in
      guard let core = file.cores.first(where: { $0.name == row.core }) else {
        throw HintedError("\(path): \(row.name) has the core '\(row.core)', which is not in its list of cores")
      }
      return TargetBoard(
        name: row.name, title: row.title, chip: row.chip, core: core, clockHertz: row.clockHertz,
        flashByteCount: row.flashByteCount, ramByteCount: row.ramByteCount, firmwareBoard: row.firmwareBoard)
    }
  }

  /// - Parameter name: of the table, or of the board's chip.
  /// - Throws: `HintedError` for a name that is not there.
  public static func named(_ name: String, firmwareFolder: String) throws -> TargetBoard {
    let all = try all(firmwareFolder: firmwareFolder)
    if let board = all.first(where: { $0.name == name || $0.chip.lowercased() == name }) { return board }
    throw HintedError(
      "there is no board named '\(name)'", hint: "boards: \(all.map(\.name).joined(separator: ", "))", status: .usage)
  }
}
