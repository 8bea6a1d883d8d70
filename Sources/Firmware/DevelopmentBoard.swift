import Basics

/// A board that one can buy, with a serial line. Its memory map, clocks and ceilings are under `firmware/boards`.
public struct DevelopmentBoard: Hashable, Sendable, CustomStringConvertible {
  /// What the board's flashing tools take.
  public enum Container: Hashable, Sendable {
    /// The bytes of the flash, from its start on.
    case bin
    /// A Pico's: the flash, with the address of each page.
    case uf2(RaspberryPiChip)
  }

  /// The folder under `firmware/boards`.
  public var name: String
  public var container: Container
  /// How it is flashed, in a few words.
  public var flashing: String

  public var description: String { name }

  /// The chip's name, which stands for the board as it does in `fit`.
  private var chip: String {
    switch container {
    case .bin: "stm32f411re"
    case .uf2(.rp2040): "rp2040"
    case .uf2(.rp2350): "rp2350"
    }
  }

  /// - Throws: `HintedError` for a name that is not in `all`, nor a chip of one.
  public static func named(_ name: String) throws -> DevelopmentBoard {
    if let board = all.first(where: { $0.name == name || $0.chip == name }) { return board }
    throw HintedError(
      "no firmware is built for a board named '\(name)'",
      hint: "for \(all.map(\.name).joined(separator: ", ")); `alambic fit` knows more boards, and --library makes "
        + "sources for any", status: .usage)
  }

  public static let nucleoF411RE = DevelopmentBoard(
    name: "nucleo-f411re", container: .bin, flashing: "copy it to the drive NODE_F411RE")
  public static let raspberryPiPico = DevelopmentBoard(
    name: "rpi-pico", container: .uf2(.rp2040),
    flashing: "plug in with BOOTSEL held, and copy it to the drive RPI-RP2")
  public static let raspberryPiPico2 = DevelopmentBoard(
    name: "rpi-pico2", container: .uf2(.rp2350),
    flashing: "plug in with BOOTSEL held, and copy it to the drive RP2350")
  public static let all = [nucleoF411RE, raspberryPiPico, raspberryPiPico2]
}

extension DevelopmentBoard.Container {
  /// The file that is flashed.
  public var fileName: String {
    switch self {
    case .bin: "firmware.bin"
    case .uf2: "firmware.uf2"
    }
  }

  /// The flash's bytes as the tools take them.
  /// - Throws: `HintedError` when the board would not start them.
  func pack(_ flash: [UInt8]) throws -> [UInt8] {
    switch self {
    case .bin: return flash
    case .uf2(let chip):
      try chip.check(flash)
      return UF2.pack(flash, at: RaspberryPiChip.flashAddress, family: chip.family)
    }
  }
}

/// A chip whose boot ROM takes UF2 files, and looks at the flash before it starts what is there.
public enum RaspberryPiChip: Hashable, Sendable {
  case rp2040
  /// Its Arm cores, in the secure state that they start in.
  case rp2350

  /// Where both see their flash.
  static let flashAddress: UInt32 = 0x1000_0000

  /// The number of the chip's family in UF2.
  var family: UInt32 {
    switch self {
    case .rp2040: 0xE48B_FF56
    case .rp2350: 0xE48B_FF59
    }
  }

  /// - Throws: `HintedError` when the boot ROM would not start the flash image.
  func check(_ flash: [UInt8]) throws {
    switch self {
    case .rp2040: try SecondBootStage.check(flash)
    case .rp2350: try ImageDefinition.check(flash)
    }
  }
}
