import Basics
import Console
import Foundation

/// Where the lines of earlier talks are kept: `alambic/talk-history` in the folder for state that the XDG Base
/// Directory Specification names. A talk goes on without it.
struct TalkHistoryFile {
  static let variable = "XDG_STATE_HOME"

  let path: String

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    // The specification tells to ignore a relative path.
    let named = environment[Self.variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"] ?? NSHomeDirectory()
    path = "\(named ?? "\(home)/.local/state")/alambic/talk-history"
  }

  func read() -> LineHistory {
    guard let bytes = try? AtomicFile.read(path) else { return LineHistory() }
    return LineHistory(
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  func write(_ history: LineHistory) {
    try? AtomicFile.write(history.lines.map { $0 + "\n" }.joined(), to: path)
  }
}
