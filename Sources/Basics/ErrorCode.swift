/// What kind of error it was, for a program: stable, whatever the words are. docs/reference/errors.md is made from it.
public enum ErrorCode: String, Sendable, CaseIterable, Encodable {
  case answerIsNo = "answer-is-no"
  case usage
  case outOfRange = "out-of-range"
  case badData = "bad-data"
  case missingFile = "missing-file"
  case unavailable
  case teacherFailed = "teacher-failed"
  case missingTool = "missing-tool"
  case writeFailed = "write-failed"
  case busy
  case internalFault = "internal-fault"
  case stopped
  case budgetSpent = "budget-spent"
  case interrupted

  /// The code of an error that names none of its own.
  init(_ status: ExitStatus) {
    self =
      switch status {
      case .done, .internalFault: .internalFault
      case .answerIsNo: .answerIsNo
      case .usage: .usage
      case .badData: .badData
      case .unavailable: .unavailable
      case .stopped: .stopped
      case .interrupted: .interrupted
      }
  }

  /// One clause for the table of the reference.
  public var meaning: String {
    switch self {
    case .answerIsNo: "the command ran, and its answer is no: a mismatch, a failed check"
    case .usage: "the command line, or what it names, asks for something that there is not"
    case .outOfRange: "a number of the command line is outside its range"
    case .badData: "a file is damaged, of another format, or says what cannot be"
    case .missingFile: "a file that is named is not there"
    case .unavailable: "something outside Alambic does not do what is needed"
    case .teacherFailed: "the teacher does not answer, or answers with an error"
    case .missingTool: "a compiler, an emulator or another program is not installed"
    case .writeFailed: "the system does not take what is written: a full disk, no permission"
    case .busy: "another process is at the same work"
    case .internalFault: "a bug of Alambic's"
    case .stopped: "it was stopped in order; the same command goes on from there"
    case .budgetSpent: "the next request could exceed --spend-max; the same command with a larger one goes on"
    case .interrupted: "it was stopped; the same command starts from its beginning"
    }
  }

  /// The exit statuses that it comes with.
  public var status: ExitStatus {
    switch self {
    case .answerIsNo: .answerIsNo
    case .usage, .outOfRange: .usage
    case .badData, .missingFile: .badData
    case .unavailable, .teacherFailed, .missingTool, .writeFailed, .busy: .unavailable
    case .internalFault: .internalFault
    case .stopped, .budgetSpent: .stopped
    case .interrupted: .interrupted
    }
  }
}
