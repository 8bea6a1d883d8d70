import Basics

/// How an `ask` that did not get everything ends.
enum AskFailure {
  static func isCancellation(_ error: (any Error)?) -> Bool {
    if let failure = error as? TeacherFailure, case .cancelled = failure.consequence { return true }
    return error is CancellationError
  }

  static func hinted(_ error: any Error, answered: Int, of count: Int) -> any Error {
    if isCancellation(error) { return stopped(answered: answered, of: count) }
    guard let failure = error as? TeacherFailure else { return error }
    let progress = "\(answered) of \(count) open requests were answered and are stored"
    let hint =
      switch failure.consequence {
      case .stop(let hint): hint
      case .wait: "the server's limit is lower than the profile's pace: lower pace, then \(again)"
      case .retry where failure.status == nil: "is the server at the profile's endpoint started? if so, \(again)"
      case .retry, .refuse, .cancelled: again
      }
    let what = failure.status == nil ? "does not answer" : "answers with an error"
    return HintedError(
      "the teacher \(what): \(failure.detail); \(progress)", hint: hint, code: .teacherFailed)
  }

  private static let again = "run the same command again; it asks only for what is missing"

  static func stopped(answered: Int, of count: Int) -> HintedError {
    HintedError(
      "stopped: \(answered) of \(count) open requests were answered and are stored",
      hint: "run the same command again to go on", status: .stopped)
  }
}
