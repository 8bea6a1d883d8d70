import Basics
import Foundation
import TestSupport
import Testing

/// Errors as programs read them.
@Suite("Errors with --json")
struct ErrorCodeTests {
  private static let failures: [(line: String, code: String, status: Int)] = [
    ("evaluate none.atome --data none.txt --threads 0 --json", "out-of-range", 64),
    ("inspect none.atome --json", "missing-file", 65),
    ("inspect text.txt --json", "bad-data", 65),
    ("bench --json", "usage", 64),
    ("bench --nonsense --json", "usage", 64),
    ("corpus show nosuch --json", "usage", 64),
    ("ledger status --workspace none --json", "bad-data", 65),
  ]

  @Test("standard output is one object with a code that the reference lists", arguments: failures)
  func object(line: String, code: String, status: Int) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("no file of ours", to: "\(folder)/text.txt")
      let outcome = try await AlambicCommand(in: folder)(line)
      let answer = try outcome.json()
      #expect(outcome.status == Int32(status) && answer["status"] as? Int == status, "\(outcome)")
      #expect(answer["schema"] as? String == "alambic.error/1" && answer["code"] as? String == code, "\(outcome)")
      let message = try #require(answer["message"] as? String)
      // A person reads the same.
      #expect(!message.isEmpty && outcome.standardError.hasPrefix("error: ") || code == "usage", "\(outcome)")
      let person = try await AlambicCommand(in: folder)(line.replacing(" --json", with: ""))
      #expect(person.standardOutput.isEmpty && person.status == Int32(status), "\(person)")
    }
  }

  @Test("every code stands in the reference, with its status, and leads back to itself")
  func documented() throws {
    let page = String(
      decoding: try AtomicFile.read("\(PackageRoot.path)/docs/reference/errors.md"), as: UTF8.self)
    for code in ErrorCode.allCases {
      #expect(page.contains("| `\(code.rawValue)` | \(code.status.rawValue) | \(code.meaning) |"))
      #expect(HintedError("x", code: code).status == code.status)
    }
    // An error that names no code has its status's own.
    for status in ExitStatus.allCases where status != .done {
      #expect(HintedError("x", status: status).code.status == status)
    }
  }
}
