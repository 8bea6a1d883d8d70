/// CRC-32 as zlib, PNG and Ethernet compute it (IEEE 802.3: reflected polynomial EDB88320, initial value and final
/// exclusive-or FFFFFFFF): cheap enough for a microcontroller to check its own image.
public enum CRC32 {
  public static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes { remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8) }
    return ~remainder
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
  }
}
