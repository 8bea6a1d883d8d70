import Basics

/// Microsoft's USB Flashing Format: a flash image as blocks of 512 bytes that a board's boot loader takes like files on
/// a drive (https://github.com/microsoft/uf2). Each block stands alone and says where its bytes go.
public enum UF2 {
  /// Bytes of flash in a block: a page of the flash, and what every boot loader takes.
  public static let payloadByteCount = 256
  public static let blockByteCount = 512

  /// - Parameters:
  ///   - address: where the first byte goes; a multiple of a page.
  ///   - family: the number of the chip's family, so that another one's boot loader leaves the file alone.
  /// - Returns: the file. The rest of the last page is FF, as in erased flash.
  public static func pack(_ flash: [UInt8], at address: UInt32, family: UInt32) -> [UInt8] {
    let blockCount = (flash.count + payloadByteCount - 1) / payloadByteCount
    var file: [UInt8] = []
    file.reserveCapacity(blockCount * blockByteCount)
    for number in 0..<blockCount {
      let start = number * payloadByteCount
      let page = flash[start..<min(start + payloadByteCount, flash.count)]
      let header = [
        firstMagic, secondMagic, familyIsPresent, address + UInt32(start), UInt32(payloadByteCount), UInt32(number),
        UInt32(blockCount), family,
      ]
      file += header.flatMap(\.littleEndianBytes) + page
      file += repeatElement(0xFF, count: (number + 1) * blockByteCount - 4 - file.count)
      file += lastMagic.littleEndianBytes
    }
    return file
  }

  private static let firstMagic: UInt32 = 0x0A32_4655
  private static let secondMagic: UInt32 = 0x9E5D_5157
  private static let lastMagic: UInt32 = 0x0AB1_6F30
  /// The flag that gives the header's last field its meaning.
  private static let familyIsPresent: UInt32 = 0x2000
}

extension UInt32 {
  fileprivate var littleEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }
}
