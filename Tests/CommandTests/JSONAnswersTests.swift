import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// A corpus whose answers are JSON, from the recipe to documents.
@Suite("alambic ask, for answers in JSON")
struct JSONAnswersTests {
  private static let schema = """
    {"type": "object", "properties": {"all": {"type": "array", "items": {"type": "object",
      "properties": {"request": {"type": "string"}, "reply": {"type": "string", "pattern": "[.!?]$"}},
      "required": ["request", "reply"], "additionalProperties": false}}},
     "required": ["all"], "additionalProperties": false}
    """

  private static let section = #"json: {schema: answer.json, items: all, text: "> {request}\n< {reply}", repairs: 1}"#

  /// The first answer to every third prompt lacks the reply's full stop.
  private static func reply(_ request: LoopbackServer.Request) -> LoopbackServer.Reply {
    let body = String(decoding: request.body, as: UTF8.self)
    let id = ContentID(of: request.body).short
    let isRepair = body.contains("does not fit")
    let end = request.number.isMultiple(of: 3) && !isRepair ? "" : "."
    let answer =
      #"{"all":[{"request":"what is \#(id)","reply":"It is \#(id)\#(end)"},{"request":"and \#(id)","reply":"Yes!"}]}"#
    return ForeignTeacherTests.answer(answer.replacingOccurrences(of: "\"", with: "\\\""))
  }

  private static func documents(_ project: TinyProject) throws -> [Document] {
    try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
  }

  @Test("objects of a list become documents; another text makes others without asking")
  func documents() async throws {
    try await ForeignTeacherTests.withProject(prompting: Self.section) {
      Self.reply($0)
    } _: { project, server in
      try AtomicFile.write(Self.schema, to: "\(project.folder)/Corpora/tiny/answer.json")
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 0 && outcome.standardError.contains("24 answers"), "\(outcome)")
      let count = server.requests.count
      #expect((24 + 6...24 + 12).contains(count))
      #expect(server.requests.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains("response_format") })
      let curated = try await project("curate tiny --json")
      #expect(curated.status == 0, "\(curated)")
      let documents = try Self.documents(project)
      #expect(documents.count == 48)
      #expect(documents.count { $0.text.hasPrefix("> and ") && $0.text.hasSuffix("\n< Yes!") } == 24)
      #expect(documents.count { $0.text.hasPrefix("> what is ") && $0.text.hasSuffix(".") } == 24)
      // A document leads back to its prompt, whichever turn brought it.
      for document in documents {
        let trace = try await project("why \(document.id)")
        #expect(trace.status == 0 && trace.standardOutput.contains("Write ten exchanges about"), "\(trace)")
      }

      let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(recipe.replacingOccurrences(of: "> {request}", with: "Q {request}"), to: path)
      let again = try await project("make tiny --until curate")
      #expect(again.status == 0 && again.standardError.contains("0 asked, 24 from the ledger"), "\(again)")
      #expect(server.requests.count == count)
      #expect(try Self.documents(project).allSatisfy { $0.text.hasPrefix("Q ") })
    }
  }

  @Test("a schema that is not there, or not understood, or not enough for the text, stops before anything is asked")
  func faults() async throws {
    try await ForeignTeacherTests.withProject(prompting: Self.section) {
      Self.reply($0)
    } _: { project, server in
      let path = "\(project.folder)/Corpora/tiny/answer.json"
      #expect(try await project("ask tiny").standardError.contains("answer.json"))
      for (schema, words) in [
        ("{", "is not JSON"), (#"{"oneOf":[]}"#, "which is not checked here"),
        (#"{"type":"object","properties":{},"required":[]}"#, "no list by the name 'all'"),
      ] {
        try AtomicFile.write(schema, to: path)
        let outcome = try await project("ask tiny")
        #expect(outcome.status != 0 && outcome.standardError.contains(words), "\(outcome)")
        #expect(outcome.standardError.contains("answer.json"))
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("sampling.n asks for several at once, and each answer is a document of its own prompt")
  func several() async throws {
    try await ForeignTeacherTests.withProject(prompting: "sampling: {n: 4}") { request in
      let choices = (0..<4).map { index in
        #"{"message":{"content":"> \#(request.number) \#(index)\n< Yes."},"finish_reason":"stop"}"#
      }
      return .json(
        #"{"model":"m","choices":[\#(choices.joined(separator: ","))],"#
          + #""usage":{"prompt_tokens":10,"completion_tokens":80}}"#)
    } _: { project, server in
      let outcome = try await project("ask tiny")
      #expect(outcome.status == 0 && outcome.standardError.contains("24 answers"), "\(outcome)")
      // Six times 90 tokens of a tenth of a cent.
      #expect(outcome.standardError.contains("$0.54") && server.requests.count == 6, "\(outcome)")
      let curated = try await project("curate tiny")
      #expect(curated.status == 0 && curated.standardError.contains("24 documents"), "\(curated)")
      #expect(try await project("ledger check").status == 0)
    }
  }
}
