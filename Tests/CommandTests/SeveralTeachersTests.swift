import Basics
import Formats
import Foundation
import Ledger
import Lineage
import TestSupport
import Testing

/// A recipe that shares its prompts among teachers.
@Suite("Several teachers of a corpus")
struct SeveralTeachersTests {
  private func write(_ teachers: String, of project: TinyProject, keys: String = "count: 60") throws {
    try project.writeRecipe()
    let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
    let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(
      recipe.replacing("teacher: thermostat", with: "teacher: \(teachers)").replacing("count: 24", with: keys), to: path
    )
  }

  /// Each teacher says its model's name, and counts.
  private func withProject(
    price: Int = 0, _ body: (TinyProject, LoopbackServer, _ asked: (String) -> Int) async throws -> Void
  ) async throws {
    @Sendable func model(_ request: LoopbackServer.Request) -> String {
      let body = String(decoding: request.body, as: UTF8.self)
      return ["first", "second", "third"].first { body.contains("\"model\":\"\($0)\"") } ?? "?"
    }
    try await withLoopbackServer { request in
      let exchange = "> \(model(request)) \(ContentID(of: request.body).description.suffix(8))\\n< done"
      return .json(
        #"{"model":"m","choices":[{"message":{"content":"\#(exchange)"},"finish_reason":"stop"}],"#
          + #""usage":{"prompt_tokens":0,"completion_tokens":1000}}"#)
    } _: { server in
      try await withTemporaryFolder { folder in
        let project = try TinyProject(in: folder)
        for name in ["first", "second", "third"] {
          try AtomicFile.write(
            """
            schema: alambic.teacher/1
            name: \(name)
            dialect: openai-chat
            endpoint: \(server.url)/v1
            model: \(name)
            sampling: {maxTokens: 1000}
            pricePerMillionTokens: {prompt: 0, completion: \(price)}
            outputsLicense: \(name == "second" ? "CC-BY-NC-4.0" : "none")

            """, to: "\(folder)/teachers/\(name).yaml")
        }
        try await body(project, server) { name in server.requests.count { model($0) == name } }
      }
    }
  }

  @Test("what came under a licence goes, also when another teacher comes to have it")
  func licenses() async throws {
    try await withProject { project, _, _ in
      try write("[first, second, third]", of: project)
      #expect(try await project("make tiny --until curate").status == 0)
      func said() throws -> Set<String> {
        let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
        return Set(documents.compactMap { $0.text.split(separator: " ").dropFirst().first.map(String.init) })
      }
      #expect(try said() == ["first", "second", "third"])
      #expect(try await project("corpus remove tiny license=CC-BY-NC-4.0 --quiet").status == 0)
      #expect(try said() == ["first", "third"])
      let profile = "\(project.folder)/teachers/third.yaml"
      let text = String(decoding: try AtomicFile.read(profile), as: UTF8.self)
      try AtomicFile.write(text.replacing("License: none", with: "License: CC-BY-NC-4.0"), to: profile)
      #expect(try await project("curate tiny").status == 0)
      #expect(try said() == ["first"])
    }
  }

  @Test("each takes its share; another one behind them moves no prompt between them; labels tell them apart")
  func shares() async throws {
    try await withProject { project, server, asked in
      try write("[first: 3, second]", of: project)
      let preview = try await project("ask tiny --dry-run")
      #expect(preview.standardOutput.contains("teacher    first, second, model first, second\n"), "\(preview)")
      #expect(try await project("ask tiny").status == 0)
      #expect(asked("first") + asked("second") == 60 && (8...24).contains(asked("second")))
      #expect(try await project("ask tiny").standardError.contains("up to date"))
      let before = (asked("first"), asked("second"))
      try write("[first: 3, second, third: 2]", of: project)
      #expect(try await project("ask tiny").status == 0)
      #expect(asked("first") == before.0 && asked("second") == before.1 && (10...32).contains(asked("third")))

      #expect(try await project("curate tiny").status == 0)
      let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      #expect(documents.count == 60 && documents.count { $0.text.contains("third") } == asked("third"))
      let listed = try await project("corpus list")
      #expect(listed.standardOutput.contains("teachers first, second, third"), "\(listed)")
    }
  }

  @Test("one limit and one target hold for all of them")
  func limits() async throws {
    try await withProject(price: 1) { project, server, _ in
      try write("[first, second]", of: project, keys: "target: 40 documents")
      let stopped = try await project("ask tiny --spend-max 0.0305")
      #expect(stopped.status == 75 && server.requests.count == 30, "\(stopped)")
      let rest = try await project("ask tiny")
      #expect(rest.status == 0 && rest.standardError.contains("40 of 40 documents"), "\(rest)")
      #expect(server.requests.count == 40)
    }
  }

  @Test("one in a list is the same teacher as one by name")
  func one() async throws {
    try await withProject { project, server, _ in
      try write("first", of: project)
      #expect(try await project("ask tiny").status == 0)
      try write("[first: 2]", of: project)
      #expect(try await project("ask tiny").standardError.contains("up to date") && server.requests.count == 60)
    }
  }

  @Test(
    "what cannot be followed is refused",
    arguments: [
      ("[first, secnd]", 64, "did you mean 'second'?"), ("[first, first: 2]", 65, "holds a word twice"),
      ("[first, second: 0]", 65, "should be at least"),
    ])
  func refusals(teachers: String, status: Int32, said: String) async throws {
    try await withProject { project, server, _ in
      try write(teachers, of: project)
      let outcome = try await project("ask tiny")
      #expect(outcome.status == status && outcome.standardError.contains(said), "\(outcome)")
      try write("[first, second]", of: project)
      let endpoint = try await project("ask tiny --endpoint \(server.url)/v1")
      #expect(endpoint.status == 64 && endpoint.standardError.contains("--endpoint is for one teacher"), "\(endpoint)")
      #expect(server.requests.isEmpty)
    }
  }
}
