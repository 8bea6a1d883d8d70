import Basics

/// A processor core that the engine can be proven on, and the board that QEMU emulates with it.
public struct Core: Hashable, Sendable, CustomStringConvertible {
  /// `cortex-m3`.
  public var name: String
  /// The folder under `firmware/boards`.
  public var board: String
  /// QEMU's name of the machine.
  public var machine: String

  public init(name: String, board: String, machine: String) {
    self.name = name
    self.board = board
    self.machine = machine
  }

  public var description: String { name }

  public static let cortexM3 = Core(name: "cortex-m3", board: "mps2-an385", machine: "mps2-an385")

  /// Every core, in the order of size.
  public static let all: [Core] = [cortexM3]

  /// - Throws: `HintedError` for a name that is not in `all`.
  public static func named(_ name: String) throws -> Core {
    if let core = all.first(where: { $0.name == name }) { return core }
    throw HintedError(
      "no core is named '\(name)'", hint: "cores: \(all.map(\.name).joined(separator: ", "))", status: .usage)
  }
}
