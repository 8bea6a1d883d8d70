import Basics

/// A processor core that the engine can be proven on, and the boards that QEMU emulates with it.
public struct Core: Hashable, Sendable, CustomStringConvertible {
  /// `cortex-m3`.
  public var name: String
  /// The first that holds a model stands for the core.
  public var boards: [Board]
  /// Whether the floating-point unit is left alone, and the compiler's library computes.
  public var isSoftFloat: Bool

  public init(name: String, boards: [Board], isSoftFloat: Bool = false) {
    self.name = name
    self.boards = boards
    self.isSoftFloat = isSoftFloat
  }

  public var description: String { name }

  /// - Throws: `HintedError` for a name that is not in `all`.
  public static func named(_ name: String) throws -> Core {
    if let core = all.first(where: { $0.name == name }) { return core }
    throw HintedError(
      "there is no core named '\(name)'", hint: "cores: \(all.map(\.name).joined(separator: ", "))", status: .usage)
  }
}

// MARK: - The table

extension Core {
  /// Without a floating-point unit and without unaligned access. What its board cannot hold runs as the same
  /// instructions on a Cortex-M3.
  public static let cortexM0 = Core(
    name: "cortex-m0",
    boards: [
      Board("lm3s6965evb", machine: "lm3s6965evb", processor: "cortex-m0"),
      Board("mps2-an385-v6m", machine: "mps2-an385"),
    ])
  public static let cortexM3 = Core(name: "cortex-m3", boards: [Board("mps2-an385", machine: "mps2-an385")])
  public static let cortexM4 = Core(name: "cortex-m4", boards: [Board("mps2-an386", machine: "mps2-an386")])
  public static let cortexM7 = Core(name: "cortex-m7", boards: [Board("mps2-an500", machine: "mps2-an500")])
  public static let cortexM33 = Core(name: "cortex-m33", boards: [Board("mps2-an505", machine: "mps2-an505")])
  public static let cortexM55 = Core(name: "cortex-m55", boards: [Board("mps3-an547", machine: "mps3-an547")])

  /// RISC-V with multiplication and short instructions, without a floating-point unit: an ESP32-C3's.
  public static let rv32imc = Core(
    name: "rv32imc",
    boards: [Board("virt-rv32imc", machine: "virt", processor: "rv32,a=false,f=false,d=false", toolchain: .riscV32)])
  /// The same with atomic instructions: an ESP32-C6's, and an RP2350's second kind.
  public static let rv32imac = Core(
    name: "rv32imac",
    boards: [Board("virt-rv32imac", machine: "virt", processor: "rv32,f=false,d=false", toolchain: .riscV32)])
  /// 64 bits, with a floating-point unit of double precision.
  public static let rv64gc = Core(
    name: "rv64gc", boards: [Board("virt-rv64gc", machine: "virt", processor: "rv64", toolchain: .riscV64)])

  /// Every core, in the order of size; one of Arm's with a floating-point unit also without it.
  public static let all: [Core] =
    [cortexM0, cortexM3] + [cortexM4, cortexM7, cortexM33, cortexM55].flatMap { [$0, $0.withoutFloatingPointUnit] }
    + [rv32imc, rv32imac, rv64gc]

  /// Those that stand for all here: Arm's, and others whose compiler and emulator are installed.
  public static func installed(_ toolbox: Toolbox = Toolbox()) -> [Core] {
    all.filter { $0.toolchain == .arm || $0.requiredTools.allSatisfy(toolbox.contains) }
  }

  /// What builds for the core and emulates it.
  public var toolchain: Board.Toolchain { boards.first?.toolchain ?? .arm }
  /// Every program that proving something on the core takes.
  public var requiredTools: [String] { toolchain.requiredTools }

  private var withoutFloatingPointUnit: Core { Core(name: "\(name)-soft", boards: boards, isSoftFloat: true) }
}
