import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

/// A corpus that one teacher writes and another one judges. Both cost 0.03 dollars an answer.
@Suite("A recipe's judge")
struct JudgeCommandTests {
  private static let section = """
    judge:
      teacher: judge
      prompt: "Points for this?\\n\\n{document}"
      atLeast: 5
    """

  /// A judge that gives a text as many points as its id's first digit says, and writes it its own way.
  private static func points(_ text: String) -> Int { Int(ContentID(of: text).hex.prefix(1), radix: 16) ?? 0 }

  private static func reply(_ request: LoopbackServer.Request, says: (Int) -> String) -> LoopbackServer.Reply {
    let body = try? LenientJSON(request.body).value
    let text = body?["messages"]?.items?.last?["content"]?.text ?? ""
    guard text.hasPrefix("Points") else {
      return ForeignTeacherTests.answer("> a number \(request.number) is here\\n< Yes, here.")
    }
    return ForeignTeacherTests.answer(says(points(String(text.dropFirst("Points for this?\n\n".count)))))
  }

  private static func withProject(
    section: String = section, says: @escaping @Sendable (Int) -> String = { "**\($0)**/15 points" },
    _ body: (TinyProject, LoopbackServer) async throws -> Void
  ) async throws {
    try await ForeignTeacherTests.withProject {
      reply($0, says: says)
    } _: { project, server in
      let profile = String(decoding: try AtomicFile.read("\(project.folder)/teachers/foreign.yaml"), as: UTF8.self)
      try AtomicFile.write(
        profile.replacingOccurrences(of: "name: foreign", with: "name: judge")
          .replacingOccurrences(of: "model: any", with: "model: wise"),
        to: "\(project.folder)/teachers/judge.yaml")
      let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
      try AtomicFile.write(
        String(decoding: try AtomicFile.read(path), as: UTF8.self) + "\n" + section + "\n", to: path)
      try await body(project, server)
    }
  }

  @Test("keeps what has enough points, with what was said; another threshold asks nothing")
  func points() async throws {
    try await Self.withProject { project, server in
      let made = try await project("make tiny --until curate")
      #expect(made.status == 0 && made.standardError.contains("judged"), "\(made)")
      #expect(server.requests.count == 48)
      let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      let rejections = try RecordFile.read(Rejection.self, project.path("documents/tiny/rejections.jsonl.zst"))
      #expect(documents.count + rejections.count == 24 && !documents.isEmpty && !rejections.isEmpty)
      #expect(documents.allSatisfy { $0.judgement == "\(Self.points($0.text))" && Self.points($0.text) >= 5 })
      #expect(rejections.allSatisfy { $0.reason == .judged && Self.points($0.text) < 5 })
      #expect(rejections.allSatisfy { $0.detail.contains("the judge says \(Self.points($0.text))") })
      let why = try await project("why \(documents[0].id)")
      #expect(why.standardOutput.contains("judged \(Self.points(documents[0].text))"), "\(why)")

      let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
      let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      try AtomicFile.write(recipe.replacingOccurrences(of: "atLeast: 5", with: "atLeast: 2"), to: path)
      #expect(try await project("make tiny --until curate").status == 0)
      let more = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      #expect(more.count > documents.count && server.requests.count == 48)
    }
  }

  @Test("takes a word, too")
  func words() async throws {
    let section = Self.section.replacingOccurrences(of: "atLeast: 5", with: "accept: [yes]")
    try await Self.withProject(section: section) {
      $0 >= 5 ? "Yes, it is." : "No."
    } _: { project, _ in
      #expect(try await project("make tiny --until curate").status == 0)
      let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      #expect(documents.allSatisfy { $0.judgement == "yes" && Self.points($0.text) >= 5 } && !documents.isEmpty)
    }
  }

  @Test("a judge that says no number stops the run after 20 answers")
  func useless() async throws {
    try await Self.withProject { _ in
      "I cannot judge this."
    } _: { project, _ in
      let outcome = try await project("make tiny --until curate")
      #expect(outcome.status == 65 && outcome.standardError.contains("of the first 20 answers"), "\(outcome)")
      let unchecked = try await project("make tiny --until curate --unchecked")
      #expect(unchecked.status == 65 && unchecked.standardError.contains("24 judged"), "\(unchecked)")
    }
  }

  @Test("one limit holds for asking and judging; the next run goes on where it stopped")
  func limit() async throws {
    try await Self.withProject { project, server in
      // 24 answers cost 0.72; a question can cost about half a dollar at most.
      let stopped = try await project("make tiny --until curate --spend-max 1.4")
      #expect(stopped.status != 0 && stopped.standardError.contains("budget"), "\(stopped)")
      let count = server.requests.count
      #expect(count < 48 && Double(count) * 0.03 <= 1.4)
      #expect(try await project("make tiny --until curate").status == 0)
      #expect(server.requests.count == 48)
    }
  }

  @Test(
    "a section that cannot be followed stops before anything is asked",
    arguments: [
      ("atLeast: 5", "accept: [very good]"), ("atLeast: 5", ""), ("{document}", "{text}"),
      ("teacher: judge", "teacher: jugde"),
      ("atLeast: 5", "atLeast: 5\n  accept: [yes]"),
    ])
  func refused(from: String, to: String) async throws {
    try await Self.withProject(section: Self.section.replacingOccurrences(of: from, with: to)) { project, server in
      let outcome = try await project("make tiny --until curate")
      #expect(outcome.status != 0 && server.requests.isEmpty, "\(outcome)")
    }
  }
}
