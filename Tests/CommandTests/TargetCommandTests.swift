import Basics
import Foundation
import Ledger
import Lineage
import TestSupport
import Testing

/// A corpus that is asked for until curation has kept so many documents.
@Suite("A target of documents")
struct TargetCommandTests {
  /// A project whose recipe has these keys instead of `count`, and a teacher of this price that answers so.
  private func withProject(
    _ keys: String, price: Double = 0, answer: @escaping @Sendable (LoopbackServer.Request) -> String,
    _ body: (TinyProject, LoopbackServer) async throws -> Void
  ) async throws {
    try await withLoopbackServer { request in
      .json(
        #"{"model":"m","choices":[{"message":{"content":"\#(answer(request))"},"finish_reason":"stop"}],"#
          + #""usage":{"prompt_tokens":0,"completion_tokens":1000}}"#)
    } _: { server in
      try await withTemporaryFolder { folder in
        let project = try TinyProject(in: folder)
        try await write(keys, of: project)
        try AtomicFile.write(
          """
          schema: alambic.teacher/1
          name: foreign
          dialect: openai-chat
          endpoint: \(server.url)/v1
          model: any
          sampling: {maxTokens: 1000}
          pricePerMillionTokens: {prompt: 0, completion: \(price)}
          outputsLicense: none

          """, to: "\(folder)/teachers/foreign.yaml")
        try await body(project, server)
      }
    }
  }

  private func write(_ keys: String, of project: TinyProject) async throws {
    try project.writeRecipe()
    let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
    let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(
      recipe.replacing("teacher: thermostat", with: "teacher: foreign").replacing("count: 24", with: keys), to: path)
  }

  /// Three documents that no other request has.
  private static func three(_ request: LoopbackServer.Request) -> String {
    let name = ContentID(of: request.body).description.suffix(12)
    return (0..<3).map { "> \(name) \($0)\\n< done" }.joined(separator: "\\n\\n")
  }

  /// A document that every tenth request has, too.
  private static func oneOfTen(_ request: LoopbackServer.Request) -> String {
    let number = ContentID(of: request.body).digest.prefix(1).reduce(0) { $0 + Int($1) } % 10
    return "> number \(number)\\n< done"
  }

  private func samplesID(in project: TinyProject) async throws -> String {
    let answer = try await project("ask tiny --json --quiet").json()
    return try #require((answer["outputs"] as? [[String: Any]])?.first?["id"] as? String)
  }

  @Test("it asks as many prompts as it takes, and curation keeps what it said")
  func reached() async throws {
    try await withProject("target: 100 documents", answer: Self.three) { project, server in
      let asked = try await project("ask tiny")
      #expect(asked.status == 0, "\(asked)")
      // Twenty bring 60; fourteen more are needed for 40.
      #expect(server.requests.count == 34 && asked.standardError.contains("102 of 100 documents"), "\(asked)")
      let curated = try await project("curate tiny")
      #expect(curated.standardError.contains("102 documents"), "\(curated)")
      let again = try await project("ask tiny")
      #expect(again.status == 0 && again.standardError.contains("up to date") && server.requests.count == 34)
      // A larger target asks for what is missing: seventeen after the twenty.
      try await write("target: 110 documents", of: project)
      #expect(try await project("ask tiny").status == 0 && server.requests.count == 37)
    }
  }

  @Test("stopped by its limit wherever, the same command goes on, and ends with the same samples")
  func resumed() async throws {
    var whole = ""
    try await withProject("target: 120 documents", price: 1, answer: Self.three) { project, _ in
      whole = try await samplesID(in: project)
    }
    for spendMax in ["0.0055", "0.013", "0.0215"] {
      try await withProject("target: 120 documents", price: 1, answer: Self.three) { project, server in
        var runCount = 0
        while try await project("ask tiny --quiet --spend-max \(spendMax)").status == 75, runCount < 20 {
          runCount += 1
        }
        #expect(runCount >= 1 && server.requests.count == 40, "\(runCount), \(server.requests.count)")
        #expect(try await samplesID(in: project) == whole)
        #expect(try await project("curate tiny").status == 0)
      }
    }
  }

  @Test("the limit of a run holds over all its rounds")
  func limit() async throws {
    try await withProject("target: 300 documents", price: 1, answer: Self.three) { project, server in
      let outcome = try await project("ask tiny --spend-max 0.0305")
      #expect(outcome.status == 75 && server.requests.count == 30, "\(outcome)")
      #expect(outcome.standardError.contains("before that, $0.02 were spent"), "\(outcome)")
    }
  }

  @Test("it stops where the last answers say little that is new, and says so")
  func saturated() async throws {
    let target = "target: {documents: 5000, newShare: 0.2, answers: 30}"
    try await withProject(target, answer: Self.oneOfTen) { project, server in
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 0 && (30...60).contains(server.requests.count), "\(outcome)")
      #expect(outcome.standardError.contains("asking stops at 10 of 5,000 documents"), "\(outcome)")
      #expect(outcome.standardError.contains("more words in the lists"), "\(outcome)")
      #expect(try await project("curate tiny").standardError.contains("10 documents"))
    }
  }

  @Test("it asks no more prompts than `count` allows")
  func requests() async throws {
    try await withProject("target: 5000 documents\n  count: 30", answer: Self.three) { project, server in
      let preview = try await project("ask tiny --dry-run")
      #expect(preview.standardOutput.contains("30 to send"), "\(preview)")
      #expect(preview.standardOutput.contains("until      5,000 documents are kept"), "\(preview)")
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 0 && server.requests.count == 30, "\(outcome)")
      #expect(outcome.standardError.contains("all 30 prompts are asked"), "\(outcome)")
    }
  }

  @Test(
    "a target that cannot be followed is refused with its place",
    arguments: [
      ("target: 5000", "should be such as `5000 documents`"), ("target: many documents", "should be such as"),
      ("target: 0 documents", "outside 1"), ("target: {documents: 10, newshare: 0.1}", "did you mean 'newShare'?"),
      ("target: {documents: 10, newShare: 1.5}", "at most 1"), ("target: {newShare: 0.5}", "lacks the key 'documents'"),
      ("tolerance: 0.1", "lacks the key 'count'"),
    ])
  func refusals(keys: String, said: String) async throws {
    try await withProject(keys, answer: Self.three) { project, server in
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 65 && outcome.standardError.contains(said), "\(outcome)")
      #expect(server.requests.isEmpty)
    }
  }
}
