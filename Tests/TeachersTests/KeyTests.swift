import Basics
import Foundation
import Teachers
import TestSupport
import Testing

/// What is shown of a server's words that quote the key.
@Suite("Quoted keys")
struct KeyTests {
  private static func shown(_ message: String, key: String) async throws -> String {
    var shown = ""
    try await withLoopbackServer { _ in
      .json(#"{"error":{"message":"\#(message)"}}"#, status: 401)
    } _: { server in
      let error = try await TeacherFixture.failure(
        TeacherFixture.teacher(server, key: key), TeacherFixture.prompts(1), store: MemoryStore())
      shown = try #require(error?.message)
    }
    return shown
  }

  @Test("a long key is taken out wherever it stands")
  func long() async throws {
    let shown = try await Self.shown("not sk-12345 but Xsk-12345Y", key: "sk-12345")
    #expect(shown.contains("not (secret) but X(secret)Y") && !shown.contains("sk-12345"))
  }

  @Test(
    "a short key is taken out where it stands alone, and leaves words whole",
    arguments: [
      ("a", "a bad key: 'a', at a table", "(secret) bad key: '(secret)', at (secret) table"),
      ("ab", "about ab, tabs and ab", "about (secret), tabs and (secret)"),
      ("x", "xx x", "xx (secret)"),
      ("none", "nonesuch: none; 1none", "nonesuch: (secret); 1none"),
    ])
  func short(key: String, message: String, expected: String) async throws {
    #expect(try await Self.shown(message, key: key).contains(expected))
  }
}
