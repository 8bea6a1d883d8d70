import Foundation
import Lineage

/// Whether a teacher's key is in the environment; the key itself is never shown.
struct KeyState {
  var text: String
  /// Whether it could be asked now, as far as its key goes.
  var isReady: Bool

  init(_ profile: TeacherProfile) {
    guard let variable = profile.keyVariable else {
      (text, isReady) = ("none needed", true)
      return
    }
    isReady = !(ProcessInfo.processInfo.environment[variable] ?? "").isEmpty
    text = "$\(variable) \(isReady ? "is set" : "is not set")"
  }
}
