/// What two texts that are nearly the same differ in, for a person.
enum WordDifference {
  private static let shownByteCount = 200

  /// The words between the beginning and the end that both have: `"a red" instead of "the"`.
  /// - Parameters: valid UTF-8.
  static func summary(from other: [UInt8], to text: [UInt8]) -> String {
    var first = 0
    while first < min(other.count, text.count), other[first] == text[first] { first += 1 }
    // Back to the beginning of the word.
    while first > 0, !isBlank(other[first - 1]) { first -= 1 }
    let room = min(other.count, text.count) - first
    var last = 0
    while last < room, other[other.count - 1 - last] == text[text.count - 1 - last] { last += 1 }
    while last > 0, !isBlank(other[other.count - last]) { last -= 1 }
    return "\(quoted(text[first..<text.count - last])) instead of \(quoted(other[first..<other.count - last]))"
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    var shown = bytes
    while let last = shown.last, isBlank(last) { shown.removeLast() }
    guard !shown.isEmpty else { return "nothing" }
    guard shown.count > shownByteCount else { return "\"\(String(decoding: shown, as: UTF8.self))\"" }
    var end = shown.startIndex + shownByteCount
    while end > shown.startIndex, shown[end] & 0xC0 == 0x80 { end -= 1 }
    return "\"\(String(decoding: shown[..<end], as: UTF8.self))…\""
  }
}
