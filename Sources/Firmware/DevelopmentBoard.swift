import Basics

/// A board that one can buy, with a serial line. Its memory map, clocks and ceilings are under `firmware/boards`.
public struct DevelopmentBoard: Hashable, Sendable, CustomStringConvertible {
  /// What the board's flashing tools take.
  public enum Container: Hashable, Sendable {
    /// The bytes of the flash, from its start on.
    case bin
    /// An RP2040's: boot stage, program, and the addresses of both.
    case uf2
  }

  /// The folder under `firmware/boards`.
  public var name: String
  public var container: Container
  /// How it is flashed, in a few words.
  public var flashing: String

  public var description: String { name }

  /// - Throws: `HintedError` for a name that is not in `all`.
  public static func named(_ name: String) throws -> DevelopmentBoard {
    if let board = all.first(where: { $0.name == name }) { return board }
    throw HintedError(
      "there is no board named '\(name)'", hint: "boards: \(all.map(\.name).joined(separator: ", "))", status: .usage)
  }

  public static let nucleoF411RE = DevelopmentBoard(
    name: "nucleo-f411re", container: .bin, flashing: "copy it to the drive NODE_F411RE")
  public static let raspberryPiPico = DevelopmentBoard(
    name: "rpi-pico", container: .uf2, flashing: "plug in with BOOTSEL held, and copy it to the drive RPI-RP2")
  public static let all = [nucleoF411RE, raspberryPiPico]
}

extension DevelopmentBoard.Container {
  /// The file that is flashed.
  public var fileName: String {
    switch self {
    case .bin: "firmware.bin"
    case .uf2: "firmware.uf2"
    }
  }

  /// Where an RP2040 sees its flash, and the number of its family.
  private static let (rp2040Flash, rp2040Family): (UInt32, UInt32) = (0x1000_0000, 0xE48B_FF56)

  /// The flash's bytes as the tools take them.
  /// - Throws: `HintedError` when the board would not start them.
  func pack(_ flash: [UInt8]) throws -> [UInt8] {
    switch self {
    case .bin: return flash
    case .uf2:
      try SecondBootStage.check(flash)
      return UF2.pack(flash, at: Self.rp2040Flash, family: Self.rp2040Family)
    }
  }
}
