import Basics

/// The first 256 bytes of an RP2040's flash: a program of 252 bytes, and its CRC-32/MPEG-2, little-endian. The boot ROM
/// runs it only where the two agree.
public enum SecondBootStage {
  public static let byteCount = 256

  /// - Throws: `HintedError` when the boot ROM would refuse the flash image.
  package static func check(_ flash: [UInt8]) throws {
    let program = flash.prefix(byteCount - 4)
    let stored = flash.prefix(byteCount).suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    guard flash.count > byteCount, CRC32MPEG2.checksum(program) == stored else {
      throw HintedError("the second boot stage's checksum is wrong: no RP2040 would start it", status: .internalFault)
    }
  }
}

/// CRC-32/MPEG-2: polynomial 04C11DB7, initial value FFFFFFFF, most significant bit first, no final exclusive-or.
public enum CRC32MPEG2 {
  public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(UInt32.max) { remainder, byte in
      (0..<8).reduce(remainder ^ UInt32(byte) << 24) { value, _ in
        value << 1 ^ (value >> 31 == 1 ? 0x04C1_1DB7 : 0)
      }
    }
  }
}
