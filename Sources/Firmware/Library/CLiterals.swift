/// Bytes as C writes them.
enum CLiterals {
  /// Initialisers of an array, in lines of at most 120 columns.
  static func array(_ bytes: [UInt8]) -> String {
    var text = ""
    text.reserveCapacity(bytes.count * 4)
    var column = 0
    for byte in bytes {
      let word = "\(byte),"
      if column + word.utf8.count > 118 {
        text += "\n"
        column = 0
      }
      text += column == 0 ? "  \(word)" : word
      column += word.utf8.count
    }
    return text
  }

  /// A string; other bytes than plain letters as three octal digits, behind which no letter can be taken for one.
  static func string(_ bytes: [UInt8]) -> String {
    "\"" + bytes.map(character).joined() + "\""
  }

  private static func character(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\n"): "\\n"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"): "\\\(Character(Unicode.Scalar(byte)))"
    case 0x20...0x7E: String(Character(Unicode.Scalar(byte)))
    default: "\\" + (String(8 | byte >> 6, radix: 8).suffix(1) + octal(byte >> 3 & 7) + octal(byte & 7))
    }
  }

  private static func octal(_ digit: UInt8) -> String { String(digit, radix: 8) }
}
