import Basics
import Foundation
import TestSupport
import Testing

/// A key goes to the server that its profile names, and nowhere else.
@Suite("Secrets")
struct SecretsTests {
  private static let key = "sk-very-secret-0123456789"

  /// Quotes the key in errors, and answers the rest.
  private static func reply(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    switch request.number {
    case 3: .json(#"{"error":{"message":"the key \#(key) is busy"}}"#, status: 503)
    case 5: .json(#"{"error":{"message":"Bearer \#(key) may not say this"}}"#, status: 400)
    default: ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
    }
  }

  @Test("no file and no line holds a key, whatever the server does with it")
  func nowhere() async throws {
    try await ForeignTeacherTests.withProject(
      profile: "keyVariable: ALAMBIC_TEST_KEY", prompting: "tolerance: 0.5", reply: Self.reply
    ) { project, server in
      var said = ""
      for arguments in [
        ["teacher", "show", "foreign"], ["ask", "tiny"], ["curate", "tiny"], ["shard", "tiny"],
        ["ledger", "export", "--json"], ["ledger", "status"],
      ] {
        let outcome = try await project.alambic.run(
          arguments, environment: ["ALAMBIC_PROJECT": project.folder, "ALAMBIC_TEST_KEY": Self.key])
        #expect(outcome.status == 0, "\(outcome)")
        said += outcome.standardOutput + outcome.standardError
      }
      #expect(said.contains("may not say this") && !said.contains(Self.key))
      #expect(server.requests.allSatisfy { $0.headers["authorization"] == "Bearer \(Self.key)" })
      try Self.checkFiles(below: project.folder)
    }
  }

  @Test("a redirect takes the key nowhere", arguments: [301, 302, 303, 307, 308])
  func redirect(status: Int) async throws {
    try await withLoopbackServer { _ in
      .json("{}")
    } _: { other in
      try await ForeignTeacherTests.withProject(profile: "keyVariable: ALAMBIC_TEST_KEY") { _ in
        .json("{}", status: status, headers: ["Location": "\(other.url)/v1/chat/completions"])
      } _: { project, _ in
        let outcome = try await project.alambic.run(
          ["ask", "tiny"], environment: ["ALAMBIC_PROJECT": project.folder, "ALAMBIC_TEST_KEY": Self.key])
        #expect(outcome.status == 69 && !outcome.standardError.contains(Self.key), "\(outcome)")
        #expect(other.requests.isEmpty)
        try Self.checkFiles(below: project.folder)
      }
    }
  }

  private static func checkFiles(below folder: String) throws {
    let files = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    #expect(files.contains { $0.hasSuffix("ledger.sqlite") })
    for file in files
    where (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)"))?[.type]
      as? FileAttributeType == .typeRegular
    {
      #expect(try AtomicFile.read("\(folder)/\(file)").firstRange(of: Array(key.utf8)) == nil, "\(file)")
    }
  }
}
