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

  // MARK: - What counts

  private func documentCount(_ project: TinyProject) async throws -> Int {
    let curated = try await project("curate tiny --json --quiet").json()
    let figures = try #require(curated["figures"] as? [String: Any])
    return try #require(figures["documentCount"] as? Int)
  }

  /// Of ten answers, four are nearly the same as an earlier one.
  private static func nearly(_ request: LoopbackServer.Request) -> String {
    let name = ContentID(of: request.body).description.suffix(40)
    let isNear = ContentID(of: request.body).digest[1] % 10 < 4
    return isNear
      ? "> please tell me whether the heating in the hall is on at \(name.suffix(1))\\n< It is on in the hall, yes."
      : "> \(name)\\n< \(name.reversed().map(String.init).joined())"
  }

  @Test("near duplicates do not count: as many documents stay as are wanted, wherever a run was stopped")
  func nearDuplicates() async throws {
    var whole = ""
    for spendMax in ["", " --spend-max 0.0305"] {
      try await withProject("target: 40 documents\n  count: 200", price: 1, answer: Self.nearly) { project, server in
        let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
        let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
        try AtomicFile.write(recipe.replacing("  characters:", with: "  nearDuplicates: 0.6\n  characters:"), to: path)
        var (outcome, runCount) = (try await project("ask tiny --quiet\(spendMax)"), 0)
        while outcome.status == 75, runCount < 20 {
          (outcome, runCount) = (try await project("ask tiny --quiet\(spendMax)"), runCount + 1)
        }
        #expect(outcome.status == 0 && (spendMax.isEmpty || runCount > 0), "\(outcome)")
        let id = try await samplesID(in: project)
        whole = whole.isEmpty ? id : whole
        #expect(id == whole)
        let count = try await documentCount(project)
        #expect((40...48).contains(count) && server.requests.count > 48, "\(count) of \(server.requests.count)")
      }
    }
  }

  @Test("what people took out does not count: as much more is asked, and no more when it is undone")
  func decided() async throws {
    try await withProject("target: 100 documents", answer: Self.three) { project, server in
      #expect(try await documentCountAfterAsking(project) == 102 && server.requests.count == 34)
      let reviewed = try await project.alambic.run(
        ["corpus", "review", "tiny", "--only", "kept", "--limit", "5"],
        environment: ["ALAMBIC_PROJECT": project.folder], input: "r\nr\nr\nr\na\n")
      #expect(reviewed.status == 0, "\(reviewed)")
      // 98 are left: two more prompts bring what is missing.
      let reviewedCount = try await documentCountAfterAsking(project)
      #expect((100...110).contains(reviewedCount) && (35...38).contains(server.requests.count), "\(reviewedCount)")
      let topic = try #require(
        String(decoding: try AtomicFile.read("\(project.folder)/Corpora/tiny/words/topics.txt"), as: UTF8.self)
          .split(whereSeparator: \.isNewline).first { !$0.hasPrefix("#") })
      let removed = try await project.alambic.run(
        ["corpus", "remove", "tiny", "topic=\(topic)"], environment: ["ALAMBIC_PROJECT": project.folder])
      #expect(removed.status == 0, "\(removed)")
      #expect(try await documentCountAfterAsking(project) >= 100)
      let undone = try await project.alambic.run(
        ["corpus", "remove", "tiny", "topic=\(topic)", "--undo"], environment: ["ALAMBIC_PROJECT": project.folder])
      #expect(undone.status == 0, "\(undone)")
      let count = server.requests.count
      #expect(try await documentCountAfterAsking(project) == reviewedCount && server.requests.count == count)
    }
  }

  @Test("a removal asks for nothing that costs money, unless it is told how much")
  func paidRemoval() async throws {
    try await withProject("target: 100 documents", price: 1, answer: Self.three) { project, server in
      #expect(try await project("make tiny --until curate").status == 0)
      let count = server.requests.count
      let topic = try #require(
        String(decoding: try AtomicFile.read("\(project.folder)/Corpora/tiny/words/topics.txt"), as: UTF8.self)
          .split(whereSeparator: \.isNewline).first { !$0.hasPrefix("#") })
      func remove(_ options: String...) async throws -> AlambicCommand.Outcome {
        try await project.alambic.run(
          ["corpus", "remove", "tiny", "topic=\(topic)"] + options, environment: ["ALAMBIC_PROJECT": project.folder])
      }
      let free = try await remove()
      #expect(free.status == 75 && free.standardError.contains("costs money") && server.requests.count == count)
      #expect(free.standardError.contains("alambic make tiny --until curate --spend-max"), "\(free)")
      #expect(try await remove("--spend-max", "-1").status == 64)
      let paid = try await remove("--spend-max", "1", "--until", "curate")
      #expect(paid.status == 0 && server.requests.count > count, "\(paid)")
    }
  }

  private func documentCountAfterAsking(_ project: TinyProject) async throws -> Int {
    let asked = try await project("ask tiny --quiet")
    #expect(asked.status == 0, "\(asked)")
    return try await documentCount(project)
  }

  /// A teacher whose every other document the judge does not want.
  private func withJudge(_ keys: String, _ body: (TinyProject, LoopbackServer) async throws -> Void) async throws {
    try await withProject(keys, price: 1) { request in
      let text = (try? LenientJSON(request.body).value)?["messages"]?.items?.last?["content"]?.text ?? ""
      guard text.hasPrefix("Good? ") else { return Self.three(request) }
      return ContentID(of: text).digest[0] % 2 == 0 ? "yes" : "no"
    } _: { project, server in
      for (from, to) in [("foreign", "judge")] {
        let profile = String(decoding: try AtomicFile.read("\(project.folder)/teachers/\(from).yaml"), as: UTF8.self)
        try AtomicFile.write(
          profile.replacing("name: \(from)", with: "name: \(to)"), to: "\(project.folder)/teachers/\(to).yaml")
      }
      let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
      let judge = "judge:\n  teacher: judge\n  prompt: \"Good? {document}\"\n  accept: [yes]\n"
      try AtomicFile.write(String(decoding: try AtomicFile.read(path), as: UTF8.self) + judge, to: path)
      try await body(project, server)
    }
  }

  private static func judgedCount(_ server: LoopbackServer) -> Int {
    server.requests.count { String(decoding: $0.body, as: UTF8.self).contains("Good? ") }
  }

  @Test("what the judge does not want does not count; each document is judged once, and one limit holds")
  func judged() async throws {
    try await withJudge("target: 60 documents") { project, server in
      let asked = try await project("ask tiny")
      #expect(asked.status == 0, "\(asked)")
      let count = try await documentCount(project)
      #expect(count >= 60 && asked.standardError.contains("\(count) of 60 documents"), "\(asked)")
      let askedCount = server.requests.count - Self.judgedCount(server)
      #expect(askedCount > 30 && Self.judgedCount(server) == 3 * askedCount)
      // Nothing more, nor a key, is needed to curate again.
      let total = server.requests.count
      #expect(try await project("ask tiny").standardError.contains("up to date") && server.requests.count == total)
    }
    try await withJudge("target: 60 documents") { project, server in
      var runCount = 0
      var outcome = try await project("ask tiny --quiet --spend-max 0.0605")
      while outcome.status == 75, runCount < 20 {
        #expect(Double(server.requests.count) * 0.001 <= 0.0605 * Double(runCount + 1))
        (outcome, runCount) = (try await project("ask tiny --quiet --spend-max 0.0605"), runCount + 1)
      }
      #expect(outcome.status == 0 && runCount > 0, "\(outcome)")
      #expect(try await documentCount(project) >= 60)
    }
  }

  @Test("a preview says what the judge would be asked, and what that may cost")
  func preview() async throws {
    try await withJudge("count: 30") { project, server in
      let first = try await project("ask tiny --dry-run")
      #expect(first.standardOutput.contains("judge, model any: about 30 documents to judge, at most $"), "\(first)")
      let json = try await project("ask tiny --dry-run --json").json()
      let judge = try #require((json["preview"] as? [String: Any])?["judge"] as? [String: Any])
      // Thirty judgements of at most a thousand tokens; the texts cost nothing here.
      let cost = try #require(judge["maximumCost"] as? Double)
      #expect(abs(cost - 0.03) < 1e-9 && judge["requestCount"] as? Int == 30)
      #expect(server.requests.isEmpty)
      // Of answers that are there, the documents are counted; judged ones are paid.
      #expect(try await project("ask tiny").status == 0)
      let asked = try await project("ask tiny --dry-run")
      #expect(asked.standardOutput.contains("about 90 documents to judge"), "\(asked)")
      #expect(try await project("curate tiny").status == 0)
      let judged = try await project("ask tiny --dry-run")
      #expect(judged.standardOutput.contains("about 0 documents to judge"), "\(judged)")
    }
  }
}
