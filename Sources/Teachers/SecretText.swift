import Basics
import Lineage

/// A key: it can be sent, but not printed, logged or encoded.
struct SecretText: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let value: String

  var description: String { "(secret)" }
  var debugDescription: String { "(secret)" }
  var customMirror: Mirror { Mirror(self, children: [:]) }

  /// The key that a profile's variable holds; nil when the profile names none.
  /// - Throws: `HintedError` when the variable is not set or holds what no header can carry.
  static func key(of profile: TeacherProfile, environment: [String: String]) throws -> SecretText? {
    guard let variable = profile.keyVariable else { return nil }
    guard let value = environment[variable], !value.isEmpty else {
      throw HintedError(
        "the teacher '\(profile.name)' needs a key in the environment variable \(variable), which is not set",
        hint: "export \(variable)=… with your key, then run this again", status: .unavailable)
    }
    guard value.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
      throw HintedError(
        "the key in \(variable) holds a space, a line end or a character beyond ASCII",
        hint: "set it again without them; the value is not shown here", status: .usage)
    }
    return SecretText(value: value)
  }

  /// No provider's key is as short; a local server's often is: `x`, `none`.
  private static let ordinaryByteCount = 8

  /// A server's message, should it quote the key. A short one counts only where it stands alone: no letter or digit
  /// beside it. Anywhere else it is a part of a word, and says nothing of the key.
  func removed(from text: String) -> String {
    guard value.utf8.count < Self.ordinaryByteCount else { return text.replacing(value, with: Self.mark) }
    var shown = ""
    var rest = text.startIndex
    for range in text.ranges(of: value) {
      let before = range.lowerBound > text.startIndex ? text[text.index(before: range.lowerBound)] : " "
      let after = range.upperBound < text.endIndex ? text[range.upperBound] : " "
      guard ![before, after].contains(where: { $0.isLetter || $0.isNumber }) else { continue }
      shown += text[rest..<range.lowerBound] + Self.mark
      rest = range.upperBound
    }
    return shown + text[rest...]
  }

  private static let mark = "(secret)"
}
