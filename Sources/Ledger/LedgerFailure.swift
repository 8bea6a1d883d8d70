import Basics
import GRDB

/// SQLite's result codes in words that help.
enum LedgerFailure {
  /// Errors that are no database's pass through: ours, and cancellation.
  static func hinted(_ error: any Error, path: String) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    let reason = error.message ?? "SQLite's error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      return HintedError(
        "\(path) is damaged: \(reason)",
        hint: "keep a copy; `sqlite3 \(path) .recover` saves what can be saved, artifacts are not affected")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return HintedError(
        "\(path) is in use by another process for more than \(Int(Ledger.busyTimeoutSeconds)) seconds",
        hint: "wait for the other alambic to finish, then run this again", status: .unavailable)
    case .SQLITE_FULL:
      return HintedError(
        "the disk of \(path) is full; nothing of this step was stored",
        hint: "free some room and run the same command again", status: .unavailable)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_IOERR:
      return HintedError(
        "cannot use \(path): \(reason)", hint: "check the folder's permissions and its disk", status: .unavailable)
    default:
      return HintedError("\(path): \(reason)", status: .internalFault)
    }
  }
}
