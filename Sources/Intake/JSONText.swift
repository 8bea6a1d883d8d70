/// Texts inside JSON, as bytes.
public enum JSONText {
  /// Appends what a string's bytes, without their quotes, stand for. Half of a surrogate pair becomes U+FFFD.
  /// - Parameter string: checked to be one.
  static func appendUnescaped(_ string: UnsafeBufferPointer<UInt8>, to text: inout [UInt8]) {
    let first = ByteWords.first(UInt8(ascii: "\\"), in: string)
    text.append(contentsOf: UnsafeBufferPointer(rebasing: string[..<first]))
    var position = first
    while position < string.count {
      let byte = string[position]
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        position += 1
        continue
      }
      let escape = string[position + 1]
      position += 2
      switch escape {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "u"): append(scalar(string, &position), to: &text)
      default: text.append(escape)
      }
    }
  }

  /// Behind `\u`.
  private static func scalar(_ string: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Unicode.Scalar {
    let unit = codeUnit(string, position)
    position += 4
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, position + 6 <= string.count, string[position] == UInt8(ascii: "\\"),
      string[position + 1] == UInt8(ascii: "u")
    else { return "\u{FFFD}" }
    let second = codeUnit(string, position + 2)
    guard 0xDC00...0xDFFF ~= second else { return "\u{FFFD}" }
    position += 6
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private static func codeUnit(_ string: UnsafeBufferPointer<UInt8>, _ position: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | (JSONLine.digit(string[position + $1]) ?? 0) }
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
  }

  /// Appends a text as a string with quotes: only what must be escaped is.
  /// - Parameter text: valid UTF-8.
  public static func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    var start = 0
    while true {
      let position = ByteWords.firstToEscape(in: text, from: start)
      line.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<position]))
      guard position < text.count else { break }
      line.append(contentsOf: escape(of: text[position]))
      start = position + 1
    }
    line.append(UInt8(ascii: "\""))
  }

  private static func escape(of byte: UInt8) -> [UInt8] {
    switch byte {
    case 0x0A: Array("\\n".utf8)
    case 0x09: Array("\\t".utf8)
    case 0x0D: Array("\\r".utf8)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
    default: Array("\\u00".utf8) + [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
    }
  }
}
