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

  /// A server's message, should it quote the key.
  func removed(from text: String) -> String {
    text.replacing(value, with: "(secret)")
  }
}
