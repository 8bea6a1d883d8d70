/// How an `alambic` process ends; the table in `alambic --help` lists the same values.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case done = 0
  /// The command ran and the answer is no: a mismatch, a failed check.
  case answerIsNo = 1
  case usage = 64
  case badData = 65
  /// A teacher, a compiler or an emulator is missing or does not answer.
  case unavailable = 69
  /// A bug in Alambic.
  case internalFault = 70
  /// Stopped in order; the same command resumes.
  case stopped = 75
  case interrupted = 130
}

/// An error as data: what went wrong (with the place and the limit), what to try next, and the process's exit status.
///
/// Stages throw it; the console alone renders it, as `error: …`, a blank line and `hint: …`.
public struct HintedError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What, where and the limit, in one sentence without a full stop.
  public var message: String
  /// The next thing to try, in one sentence without a full stop.
  public var hint: String?
  public var status: ExitStatus
  /// For programs.
  public var code: ErrorCode

  public init(_ message: String, hint: String? = nil, status: ExitStatus = .badData) {
    self.message = message
    self.hint = hint
    self.status = status
    code = ErrorCode(status)
  }

  /// An error with a code of its own, which decides the exit status.
  public init(_ message: String, hint: String? = nil, code: ErrorCode) {
    self.message = message
    self.hint = hint
    self.code = code
    status = code.status
  }

  public var description: String {
    hint.map { "\(message) (hint: \($0))" } ?? message
  }
}
