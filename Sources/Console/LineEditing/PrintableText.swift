/// Turns bytes that a model says, as they come, into text that is safe on a terminal: whole characters only, U+FFFD for
/// what is no UTF-8, and pictures of control characters, so that no answer can move the cursor or change the colours.
public struct PrintableText: Sendable {
  private var pending: [UInt8] = []

  public init() {}

  /// - Returns: the text that is whole by now.
  public mutating func take(_ bytes: some Sequence<UInt8>) -> String {
    pending += bytes
    let whole = pending.count - Self.openTail(of: pending)
    defer { pending.removeFirst(whole) }
    return Self.safe(pending[..<whole])
  }

  /// What is left when no more bytes come.
  public mutating func end() -> String {
    defer { pending = [] }
    return Self.safe(pending[...])
  }

  /// How many bytes at the end begin a character that is not whole yet.
  private static func openTail(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return needed > length ? length : 0
    }
    return 0
  }

  private static func safe(_ bytes: ArraySlice<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x09: text.append(scalar)
      case 0..<0x20: text.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: text.append("\u{2421}")
      case 0x80..<0xA0: text.append("\u{FFFD}")
      default: text.append(scalar)
      }
    }
    return String(text)
  }
}
