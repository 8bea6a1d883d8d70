import Foundation

/// Who sent a request: a process of some machine, and an object in it. Written into the ledger as one word.
struct LeaseHolder: Sendable {
  let text: String

  init() {
    let (host, process) = (Self.hostName, ProcessInfo.processInfo.processIdentifier)
    text = "\(host) \(process) \(UInt64.random(in: 0...UInt64.max))"
  }

  private static let hostName = ProcessInfo.processInfo.hostName.replacingOccurrences(of: " ", with: "-")

  /// Whether the holder of that name cannot end its attempt any more: its process was one of this machine, and is gone.
  /// Of other machines' processes nothing is known.
  static func isGone(_ text: String) -> Bool {
    let words = text.split(separator: " ")
    guard words.count == 3, words[0] == hostName, let process = pid_t(words[1]), process > 0 else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}
