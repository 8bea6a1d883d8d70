import Basics
import Foundation
import TestSupport
import Testing

/// `alambic ask` and a server that is not ours.
@Suite("alambic ask, of a foreign server")
struct ForeignTeacherTests {
  static func answer(_ text: String, reason: String = "stop") -> LoopbackServer.Reply {
    .json(
      #"{"model":"m","choices":[{"message":{"content":"\#(text)"},"finish_reason":"\#(reason)"}],"#
        + #""usage":{"prompt_tokens":10,"completion_tokens":20}}"#)
  }

  /// A project whose corpus asks the server by a profile with these lines, and with these keys below `prompting`.
  static func withProject(
    profile: String = "", prompting: String = "", promptCount: Int = 24,
    reply: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Reply,
    _ body: (TinyProject, LoopbackServer) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer(reply) { server in
        let project = try TinyProject(in: folder)
        try project.writeRecipe(promptCount: promptCount)
        let path = "\(folder)/Corpora/tiny/recipe.yaml"
        let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
        let added = "  count: \(promptCount)\(prompting.isEmpty ? "" : "\n  \(prompting)")"
        try AtomicFile.write(
          recipe.replacingOccurrences(of: "teacher: thermostat", with: "teacher: foreign")
            .replacingOccurrences(of: "  count: \(promptCount)", with: added),
          to: path)
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: foreign
          dialect: openai-chat
          endpoint: \(server.url)/v1
          model: any
          pricePerMillionTokens: {prompt: 1000, completion: 1000}
          outputsLicense: none
          \(profile)

          """, to: "\(folder)/teachers/foreign.yaml")
        try await body(project, server)
      }
    }
  }

  @Test("a refused prompt is named with the server's words; the tolerance decides whether the corpus goes on")
  func refused() async throws {
    for (tolerance, status) in [("tolerance: 0.01", 69), ("tolerance: 0.05", 0)] {
      try await Self.withProject(prompting: tolerance) { request in
        request.number == 9
          ? .json(#"{"error":{"message":"our policy forbids it"}}"#, status: 400)
          : Self.answer("> a number \(request.number) is here\\n< Yes, here.")
      } _: { project, server in
        let outcome = try await project("ask tiny")
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.standardError.contains("our policy forbids it"), "\(outcome)")
        #expect(outcome.standardError.contains("Write ten exchanges about"), "\(outcome)")
        let again = try await project("ask tiny")
        #expect(again.status == status && server.requests.count == 24, "\(again)")
        if status == 0 {
          #expect(again.standardError.contains("1 refused by the teacher"), "\(again)")
          #expect(try await project("curate tiny").status == 0)
          #expect(try await project("ask tiny --retry-refused").status == 0 && server.requests.count == 25)
        }
      }
    }
  }

  @Test("a corpus of which nothing is left is an error that names the cure, not a success")
  func nothingLeft() async throws {
    try await Self.withProject { _ in
      Self.answer("Max was very", reason: "length")
    } _: { project, _ in
      let stopped = try await project("ask tiny --quiet")
      #expect(stopped.status == 65 && stopped.standardError.contains("20 are cut"), "\(stopped)")
      let asked = try await project("ask tiny --unchecked")
      #expect(asked.status == 0 && asked.standardError.contains("24 cut before their end"), "\(asked)")
      let curated = try await project("curate tiny")
      #expect(curated.status == 65 && curated.standardError.contains("24 truncated"), "\(curated)")
      #expect(curated.standardError.contains("sampling.stop"), "\(curated)")
    }
  }

  @Test("what the profile says is what is sent, thought stays out of documents, and the bill is the server's")
  func profile() async throws {
    try await Self.withProject(
      profile:
        "omit: [seed, temperature, top_p]\nrename: {max_tokens: max_completion_tokens}\n"
        + "body: {reasoning_effort: minimal}"
    ) { request in
      Self.answer("<think>hm \(request.number)</think>> what is \(request.number)?\\n< It is a number.")
    } _: { project, server in
      let outcome = try await project("ask tiny --json")
      #expect(outcome.status == 0, "\(outcome)")
      let body = String(decoding: try #require(server.requests.first).body, as: UTF8.self)
      #expect(body.hasPrefix(#"{"max_completion_tokens":512,"messages":"#), "\(body)")
      #expect(body.hasSuffix(#""model":"any","reasoning_effort":"minimal"}"#), "\(body)")
      #expect(outcome.standardOutput.contains(#""cost" : 0.72"#), "\(outcome.standardOutput)")
      #expect(try await project("curate tiny").status == 0)
      let documents = try await project("corpus show tiny")
      #expect(!documents.standardOutput.contains("hm "), "\(documents)")
    }
  }

  @Test(
    "an address with a key in it, and a limit that is none, are refused before anything is asked",
    arguments: [
      "--endpoint http://user:password@127.0.0.1/v1", "--endpoint http://127.0.0.1/v1?api_key=sk-secret",
      "--endpoint ftp://127.0.0.1", "--spend-max nan", "--spend-max inf", "--spend-max=-1", "--spend-max 0",
    ])
  func bad(options: String) async throws {
    try await Self.withProject { _ in
      Self.answer("x")
    } _: { project, server in
      let outcome = try await project("ask tiny \(options)")
      #expect(outcome.status == 64, "\(outcome)")
      #expect(!outcome.standardError.contains("password") && !outcome.standardError.contains("sk-secret"), "\(outcome)")
      #expect(server.requests.isEmpty)
    }
  }
}
