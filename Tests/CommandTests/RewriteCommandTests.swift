import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// A corpus whose requests a second teacher says in other words. Both cost 0.03 dollars an answer.
@Suite("A recipe's rewrite")
struct RewriteCommandTests {
  private static let section = """
    rewrite:
      teacher: second
      prompt: "Other words for: {request}"
      count: 2
    """

  /// The first teacher writes an exchange; the second one answers with `says`, given the request and the seed.
  private static func reply(
    _ request: LoopbackServer.Request, says: (_ request: String, _ seed: String) -> String
  ) -> LoopbackServer.Reply {
    let body = try? LenientJSON(request.body).value
    let text = body?["messages"]?.items?.last?["content"]?.text ?? ""
    guard text.hasPrefix("Other words for: ") else {
      return ForeignTeacherTests.answer("> is number \(request.number) here?\\n< Yes, \(request.number).")
    }
    let seed = body?["seed"]?.count(limit: .max).map(String.init) ?? "none"
    return ForeignTeacherTests.answer(says(String(text.dropFirst("Other words for: ".count)), seed))
  }

  private static func withProject(
    section: String = section, task: String = "task: {reply: after-first-line}",
    says: @escaping @Sendable (String, String) -> String = { "> \\\"in other words \($1), \($0)\\\"" },
    _ body: (TinyProject, LoopbackServer) async throws -> Void
  ) async throws {
    try await ForeignTeacherTests.withProject {
      reply($0, says: says)
    } _: { project, server in
      let profile = String(decoding: try AtomicFile.read("\(project.folder)/teachers/foreign.yaml"), as: UTF8.self)
      try AtomicFile.write(
        profile.replacingOccurrences(of: "name: foreign", with: "name: second"),
        to: "\(project.folder)/teachers/second.yaml")
      let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(recipe + "\n\(task)\n\(section)\n", to: path)
      try await body(project, server)
    }
  }

  private static func documents(_ project: TinyProject) throws -> [Document] {
    try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
  }

  @Test("each request comes twice more with the reply that it had, and says where it is from; nothing is asked twice")
  func rewritten() async throws {
    try await Self.withProject {
      "in other words \($1), \($0)"
    } _: { project, server in
      let made = try await project("make tiny --until curate")
      #expect(made.status == 0 && made.standardError.contains("in other words"), "\(made)")
      let documents = try Self.documents(project)
      let originals = documents.filter { $0.rewrittenFrom == nil }
      let training = originals.filter { $0.split == .train }
      #expect(originals.count == 24 && training.count < 24 && server.requests.count == 24 + 2 * training.count)
      let rewritten = documents.filter { $0.rewrittenFrom != nil }
      #expect(rewritten.count == 2 * training.count && rewritten.allSatisfy { $0.split == .train })
      for original in training {
        let lines = original.text.split(separator: "\n")
        let others = rewritten.filter { $0.rewrittenFrom == original.id }
        #expect(others.count == 2 && Set(others.map(\.text)).count == 2)
        for other in others {
          let parts = other.text.split(separator: "\n")
          #expect(parts.count == 2 && parts[1] == lines[1] && other.sampleID != original.sampleID)
          #expect(parts[0].hasPrefix("> in other words ") && parts[0].hasSuffix(", \(lines[0].dropFirst(2))"))
        }
      }
      let why = try await project("why \(rewritten[0].id)")
      #expect(why.standardOutput.contains("Other words for: "), "\(why)")
      #expect(
        why.standardOutput.contains("the request in other words than in \(rewritten[0].rewrittenFrom?.short ?? "")"),
        "\(why)")
      let count = server.requests.count
      // Another filter curates anew, and pays for nothing.
      let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(recipe.replacing("characters: ascii", with: "characters: keep"), to: path)
      #expect(try await project("make tiny --until curate").status == 0)
      #expect(try Self.documents(project) == documents && server.requests.count == count)
    }
  }

  @Test("marks and quotation marks around a request are taken off; what is no request is refused with its reason")
  func answers() async throws {
    try await Self.withProject { request, seed in
      switch ContentID(of: request + seed).digest[0] % 4 {
      case 0: #"> \"so \#(seed) \#(request)\""#
      case 1: #"Sure!\nHere it is"#
      case 2: request
      default: "well \(seed) \(request)"
      }
    } _: { project, _ in
      let outcome = try await project("make tiny --until curate --unchecked")
      #expect(outcome.status == 0, "\(outcome)")
      let rewritten = try Self.documents(project).filter { $0.rewrittenFrom != nil }
      #expect(rewritten.contains { $0.text.hasPrefix("> so ") } && rewritten.contains { $0.text.hasPrefix("> well ") })
      #expect(rewritten.allSatisfy { !$0.text.contains("\"") && $0.text.split(separator: "\n").count == 2 })
      let rejections = try RecordFile.read(Rejection.self, project.path("documents/tiny/rejections.jsonl.zst"))
      #expect(rejections.contains { $0.reason == .notARequest && $0.text.hasPrefix("Sure!") })
      // The same request once more is no document, and does not count as said more often.
      #expect(rejections.contains { $0.reason == .duplicate && $0.matchedDocumentID == nil })
      #expect(try Self.documents(project).allSatisfy { $0.repeats == 1 })
    }
  }

  @Test("a preview says what is asked of the second teacher, and what that may cost")
  func preview() async throws {
    try await Self.withProject { project, server in
      func rewriter() async throws -> (requestCount: Int, cost: Double) {
        let json = try await project("ask tiny --dry-run --json").json()
        let rewriter = try #require((json["preview"] as? [String: Any])?["rewriter"] as? [String: Any])
        return (
          try #require(rewriter["requestCount"] as? Int), try #require(rewriter["maximumCost"] as? Double)
        )
      }
      let first = try await rewriter()
      // Two of each of 24 answers that training is expected to see.
      #expect(first.requestCount > 24 && first.requestCount < 48 && first.requestCount.isMultiple(of: 2))
      #expect(first.cost >= 0.03 * Double(first.requestCount) && server.requests.isEmpty)
      let said = try await project("ask tiny --dry-run")
      #expect(said.standardOutput.contains("rewriter   second, model any: about \(first.requestCount) requests in"))
      #expect(try await project("ask tiny").status == 0)
      let asked = try await rewriter()
      #expect(try await project("curate tiny").status == 0)
      // What is asked is what was foretold of the answers that were there; then all is paid.
      #expect(server.requests.count == 24 + asked.requestCount)
      #expect(try await rewriter() == (0, 0))
    }
  }

  @Test("the judge is asked about the new documents, too, and one limit holds for all three")
  func judged() async throws {
    let judge = "\njudge:\n  teacher: second\n  prompt: \"Other words for: {document}\"\n  accept: [in]\n"
    try await Self.withProject(section: Self.section + judge) { request, seed in
      request.contains("\n") ? "in" : "in other words \(seed), \(request)"
    } _: { project, server in
      let stopped = try await project("make tiny --until curate --spend-max 1.7")
      #expect(stopped.status == 75 && stopped.standardError.contains("budget"), "\(stopped)")
      #expect(Double(server.requests.count) * 0.03 <= 1.7)
      let made = try await project("make tiny --until curate")
      #expect(made.status == 0, "\(made)")
      let documents = try Self.documents(project)
      #expect(documents.contains { $0.rewrittenFrom != nil } && documents.allSatisfy { $0.judgement == "in" })
      let trainCount = documents.count { $0.rewrittenFrom == nil && $0.split == .train }
      // 24 answers, 24 judged, two rewritings of each that is trained on, and these judged.
      #expect(server.requests.count == 48 + 4 * trainCount)
    }
  }

  @Test(
    "a section that cannot be followed stops before anything is asked",
    arguments: [
      ("teacher: second", "teacher: secnod"), ("{request}", "{text}"), ("{request}", "this"), ("count: 2", "count: 0"),
      ("count: 2", "times: 2"),
    ])
  func refused(from: String, to: String) async throws {
    let section = Self.section.replacingOccurrences(of: from, with: to)
    try await Self.withProject(section: section) { project, server in
      let outcome = try await project("make tiny --until curate")
      #expect(outcome.status != 0 && server.requests.isEmpty, "\(outcome)")
    }
  }

  @Test("without a boundary there is no request to say otherwise")
  func boundary() async throws {
    try await Self.withProject(task: "") { project, server in
      let outcome = try await project("make tiny --until curate")
      #expect(outcome.status == 65 && outcome.standardError.contains("task.reply") && server.requests.isEmpty)
    }
  }
}
