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

  /// An error as a program reads it: what `--json` prints in an answer's place.
  public static func json(_ error: HintedError) throws -> String {
    struct Answer: Encodable {
      var schema = "alambic.error/1"
      var code: ErrorCode
      var status: Int32
      var message: String
      var hint: String?
    }
    return try CanonicalJSON.pretty(
      Answer(code: error.code, status: error.status.rawValue, message: error.message, hint: error.hint))
  }
}
