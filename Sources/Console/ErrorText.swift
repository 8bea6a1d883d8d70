import Basics

/// How an error reads, in one place: `error: …`, a blank line, `hint: …`.
public enum ErrorText {
  public static func render(_ error: HintedError, on terminal: Terminal) -> String {
    var text = "\(Style.bad("error", on: terminal)): \(error.message)\n"
    if let hint = error.hint {
      text += "\n\(Style.accent("hint", on: terminal)): \(hint)\n"
    }
    return text
  }
}
