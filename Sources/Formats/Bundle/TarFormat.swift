/// The part of POSIX's ustar format (IEEE Std 1003.1, pax, "ustar Interchange Format") that bundles use: regular files
/// with short names.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 100 | name |
/// | 100 | 8 + 8 + 8 | mode, user id, group id: octal digits, NUL |
/// | 124 | 12 + 12 | size, modification time: octal digits, NUL |
/// | 148 | 8 | header checksum: six octal digits, NUL, space |
/// | 156 | 1 | type: `0`, a regular file |
/// | 157 | 100 | link name |
/// | 257 | 6 + 2 | `ustar` NUL, `00` |
/// | 265 | 32 + 32 | user and group name |
/// | 329 | 8 + 8 | device numbers |
/// | 345 | 155 | name prefix |
enum TarFormat {
  static let blockByteCount = 512
  static let nameByteCount = 100
  static let checksumRange = 148..<156

  /// The header of a regular file: mode 0644, user and group 0, time 0, so that equal content is an equal archive.
  /// - Parameters:
  ///   - name: at most 100 bytes; `BundlePath` has checked it.
  ///   - byteCount: less than 8 GiB, the most that eleven octal digits say.
  static func header(name: String, byteCount: Int) -> [UInt8] {
    var block: [UInt8] = []
    block += field(name, width: nameByteCount)
    block += octal(0o644, width: 8) + octal(0, width: 8) + octal(0, width: 8)
    block += octal(byteCount, width: 12) + octal(0, width: 12)
    block += Array(repeating: UInt8(ascii: " "), count: checksumRange.count)
    block += field("0", width: 1) + field("", width: 100)
    block += field("ustar", width: 6) + field("00", width: 2)
    block += field("", width: 64) + octal(0, width: 8) + octal(0, width: 8) + field("", width: 155)
    block += field("", width: blockByteCount - block.count)
    block.replaceSubrange(checksumRange, with: octal(checksum(of: block), width: 7) + [UInt8(ascii: " ")])
    return block
  }

  /// The sum of a header's bytes, with the checksum field taken as spaces.
  static func checksum(of block: [UInt8]) -> Int {
    block.indices.reduce(0) { sum, position in
      sum + (checksumRange.contains(position) ? Int(UInt8(ascii: " ")) : Int(block[position]))
    }
  }

  /// How many zero bytes bring a file to a whole number of blocks.
  static func paddingByteCount(after byteCount: Int) -> Int {
    (blockByteCount - byteCount % blockByteCount) % blockByteCount
  }

  private static func field(_ text: String, width: Int) -> [UInt8] {
    Array(text.utf8) + Array(repeating: 0, count: width - text.utf8.count)
  }

  private static func octal(_ value: Int, width: Int) -> [UInt8] {
    let digits = String(value, radix: 8)
    return Array(repeating: UInt8(ascii: "0"), count: width - 1 - digits.utf8.count) + Array(digits.utf8) + [0]
  }
}
