/// Mends what programs before us did to a text's characters. What it cannot mend stays.
enum TextRepair: String, CaseIterable, Sendable {
  /// Characters of Windows-1252 that were read as Latin-1: U+0080 to U+009F.
  case c1 = "windows-1252-controls"
  /// UTF-8 that was read as Windows-1252: `Ã©` for é, `â€™` for an apostrophe.
  case mojibake

  /// Windows-1252's characters 0x80 to 0x9F (WHATWG Encoding Standard, index windows-1252).
  private static let windows: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]
  private static let bytes = Dictionary(
    windows.enumerated().map { ($0.element, UInt8($0.offset + 0x80)) }, uniquingKeysWith: { first, _ in first })

  /// The text, and what was mended in it.
  static func repaired(_ text: String) -> (text: String, repairs: [TextRepair]) {
    let decoded = withoutMojibake(text)
    let mapped = withoutC1(decoded ?? text)
    let repairs: [TextRepair] = (decoded == nil ? [] : [.mojibake]) + (mapped == nil ? [] : [.c1])
    return (mapped ?? decoded ?? text, repairs)
  }

  /// NEXT LINE (U+0085) is a line end where the text has no other, and stays for the normaliser; beside others it is
  /// the ellipsis of Windows-1252.
  private static func withoutC1(_ text: String) -> String? {
    guard text.unicodeScalars.contains(where: { 0x80...0x9F ~= $0.value }) else { return nil }
    let others = text.unicodeScalars.lazy.filter {
      0x80...0x9F ~= $0.value && $0.value != 0x85 || $0 == "\n" || $0 == "\r"
    }
    let keepsNextLine = others.first == nil
    guard !keepsNextLine else { return nil }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = 0x80...0x9F ~= scalar.value
      result.append(isControl ? Unicode.Scalar(windows[Int(scalar.value) - 0x80]) ?? scalar : scalar)
    }
    return String(result)
  }

  private static func withoutMojibake(_ text: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    guard scalars.contains(where: { isLead($0) }) else { return nil }
    var (result, position, isMended) = (String.UnicodeScalarView(), 0, false)
    while position < scalars.count {
      if isLead(scalars[position]), let (scalar, count) = decoded(scalars[position...]) {
        result.append(scalar)
        position += count
        isMended = true
      } else {
        result.append(scalars[position])
        position += 1
      }
    }
    return isMended ? String(result) : nil
  }

  /// Â and Ã begin what was Latin-1, â punctuation, ð an emoji; other first bytes are more often letters of a text.
  private static func isLead(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xC2 || scalar.value == 0xC3 || scalar.value == 0xE2 || scalar.value == 0xF0
  }

  private static func decoded(_ scalars: ArraySlice<Unicode.Scalar>) -> (Unicode.Scalar, Int)? {
    let count = scalars.first.map { $0.value < 0xE0 ? 2 : $0.value < 0xF0 ? 3 : 4 } ?? 0
    guard scalars.count >= count else { return nil }
    let encoded = scalars.prefix(count).compactMap { scalar in
      0xA0...0xFF ~= scalar.value ? UInt8(scalar.value) : bytes[scalar.value]
    }
    guard encoded.count == count, let text = String(validating: encoded, as: UTF8.self) else { return nil }
    return text.unicodeScalars.first.map { ($0, count) }
  }
}
