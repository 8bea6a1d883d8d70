import Basics

/// A board as QEMU emulates it. Its memory map, compiler flags and ceilings are data under `firmware/boards`.
public struct Board: Hashable, Sendable {
  /// The folder under `firmware/boards`.
  public var name: String
  /// QEMU's name of the machine.
  public var machine: String
  /// QEMU's name of the processor, where it is not the machine's own.
  public var processor: String?
  /// What builds for it and emulates it.
  public var toolchain: Toolchain

  public init(_ name: String, machine: String, processor: String? = nil, toolchain: Toolchain = .arm) {
    self.name = name
    self.machine = machine
    self.processor = processor
    self.toolchain = toolchain
  }

  /// QEMU's arguments that choose the machine.
  package var emulatorArguments: [String] {
    ["-M", machine] + (processor.map { ["-cpu", $0] } ?? []) + toolchain.emulatorArguments
  }

  /// The programs that build for a kind of core, and that stands for one.
  public struct Toolchain: Hashable, Sendable {
    public var compiler: String
    public var emulator: String
    var emulatorArguments: [String] = []

    public static let arm = Toolchain(compiler: "arm-none-eabi-gcc", emulator: "qemu-system-arm")
    public static let riscV32 = riscV("qemu-system-riscv32")
    public static let riscV64 = riscV("qemu-system-riscv64")

    /// Without firmware of QEMU's own: ours begins where the core does.
    private static func riscV(_ emulator: String) -> Toolchain {
      Toolchain(compiler: "riscv64-unknown-elf-gcc", emulator: emulator, emulatorArguments: ["-bios", "none"])
    }

    /// Every program that building and emulating takes.
    public var requiredTools: [String] { ["make", "cc", compiler, emulator] }
  }

  /// What a firmware may take of the board: `budget.json`.
  package struct Budget: Decodable {
    package var flashByteCount: Int
    package var ramByteCount: Int

    enum CodingKeys: String, CodingKey {
      case flashByteCount = "flash_bytes"
      case ramByteCount = "ram_bytes"
    }
  }

  /// - Throws: `HintedError` when the folder is not there.
  package func budget(in firmwareFolder: String) throws -> Budget {
    let path = "\(firmwareFolder)/boards/\(name)/budget.json"
    return try CanonicalJSON.decode(Budget.self, from: try AtomicFile.read(path), named: path)
  }
}
