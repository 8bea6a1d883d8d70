import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic studio", .serialized)
struct StudioCommandTests {
  /// Starts the studio and asks it.
  private func address(_ body: (LoopbackClient) async throws -> Void = { _ in }) async throws -> String {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder).serve(["studio"], model: "", body)
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      return outcome.standardOutput
    }
  }

  @Test("prints an address with a token of its own, each time another, and knows nobody without it")
  func token() async throws {
    let first = try await address { client in
      let refused = try await client.post("/call/corpora", "{}", headers: "Origin: http://localhost\r\n")
      #expect(refused.status == 401)
      #expect(try await client.get("/").status == 200)
    }
    let match = try #require(first.wholeMatch(of: ##/http://127\.0\.0\.1:\d+/#([0-9a-f]{32})\n/##))
    let second = try await address()
    #expect(!second.contains(match.1))
  }

  @Test("a port that is taken is an error with a hint")
  func taken() async throws {
    _ = try await address { client in
      try await withTemporaryFolder { folder in
        let outcome = try await AlambicCommand(in: folder)("studio --port \(client.port)")
        #expect(outcome.status == 69 && outcome.standardError.contains("cannot listen on 127.0.0.1"), "\(outcome)")
      }
    }
  }
}
