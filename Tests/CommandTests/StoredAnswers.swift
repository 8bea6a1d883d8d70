import Basics
import Foundation
import Ledger
import Lineage
import Serving
import TestSupport
import Testing

/// What a workspace's ledger holds of a teacher's answers.
struct StoredAnswers: Sendable {
  /// The bodies of the requests that have an answer, as the scripted teacher names them.
  var bodies: Set<ContentID> = []
  var counts: LedgerCounts

  /// Opens a copy of the ledger in `folder`, write-ahead log and all, so that the next run finds what the last one
  /// left.
  /// - Returns: nil when there is no ledger yet.
  init?(copying folder: String) async throws {
    let path = "\(folder)/.alambic/ledger.sqlite"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let copy = "\(folder)/copy-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: "\(copy)/ledger.sqlite\(suffix)")
    }
    try await self.init(ledger: try Ledger(path: "\(copy)/ledger.sqlite"))
  }

  /// Reads a ledger through, and checks every page, index and reference of it.
  init(ledger: Ledger) async throws {
    try await ledger.checkIntegrity()
    counts = try await ledger.counts()
    for digit in "0123456789abcdef" {
      for case .request(let id) in try await ledger.entries(prefix: String(digit), limit: 10_000) {
        guard try await ledger.answer(for: id) != nil, let request = try await ledger.request(id: id) else { continue }
        bodies.insert(try ModelServer.bodyID(of: Array(request.payload.utf8)))
      }
    }
  }
}
