import Basics

/// A board as QEMU emulates it. Its memory map, compiler flags and ceilings are data under `firmware/boards`.
public struct Board: Hashable, Sendable {
  /// The folder under `firmware/boards`.
  public var name: String
  /// QEMU's name of the machine.
  public var machine: String
  /// QEMU's name of the processor, where it is not the machine's own.
  public var processor: String?

  public init(_ name: String, machine: String, processor: String? = nil) {
    self.name = name
    self.machine = machine
    self.processor = processor
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
