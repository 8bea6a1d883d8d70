import Basics
import Formats
import Foundation
import Lineage
import Studio
import TestSupport
import Testing
import Workbench

/// A studio of its own over a project of one corpus, and a page that asks it.
struct StudioFixture {
  let workbench: Workbench
  let client: LoopbackClient

  static let token = "0123456789abcdef"
  static let documents = ["> cold\n< No.", "> warm\n< Yes, it is.", "> dark\n< It is noon."]

  /// Runs `body` against a studio.
  static func run(isCurated: Bool = true, _ body: (StudioFixture) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let workbench = try Self.workbench(in: folder, isCurated: isCurated)
      let studio = Studio(workbench, token: token)
      let client = LoopbackClient(port: try await studio.start())
      do {
        try await body(StudioFixture(workbench: workbench, client: client))
        await studio.stop()
      } catch {
        await studio.stop()
        throw error
      }
    }
  }

  private static func workbench(in folder: String, isCurated: Bool) throws -> Workbench {
    try AtomicFile.makeFolder("\(folder)/teachers")
    try AtomicFile.write(
      """
      schema: alambic.recipe/1
      name: tiny
      description: What is said of <b>warmth</b>.
      seed: 1
      teacher: taught
      prompting: {templates: ["> is it {word}"], lists: {word: [cold, warm]}, count: 12}
      curation: {documentSeparator: whole-answer, heldOutFraction: 0.25}
      shipping: {license: CC0-1.0}

      """, to: "\(folder)/Corpora/tiny/recipe.yaml")
    let workspace = Workspace(root: "\(folder)/.alambic")
    let sample = ContentID(of: "sample")
    let kept = documents.enumerated().map { index, text in
      Document(sampleID: sample, indexInSample: index, split: index == 0 ? .heldOut : .train, text: text)
    }
    let refused = [
      Rejection(
        sampleID: sample, indexInSample: 3, reason: .nearDuplicate, detail: "nearly the same",
        matchedDocumentID: kept[1].id, similarity: 0.8125,
        text: "> warm\n< Yes, it was."),
      Rejection(sampleID: sample, indexInSample: 4, reason: .tooShort, detail: "1 byte", text: "x"),
    ]
    if isCurated {
      try AtomicFile.write(try RecordFile.encode(kept), to: workspace.documentsFile("tiny"))
      try AtomicFile.write(try RecordFile.encode(refused), to: workspace.rejectionsFile("tiny"))
    }
    return try Workbench(workspace: workspace, folders: ProjectFolders(root: folder))
  }

  /// As the page asks.
  static let pageHeaders =
    "X-Alambic-Token: \(token)\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n"

  func call(_ name: String, _ body: String = "{}", headers: String = pageHeaders) async throws
    -> LoopbackClient.Response
  {
    try await client.post("/call/\(name)", body, headers: headers)
  }

  /// The texts that a query gives.
  func texts(_ query: String = "") async throws -> [[String: Any]] {
    let answer = try await call("texts", "{\"corpus\": \"tiny\"\(query)}")
    #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    return try #require(try answer.json()["texts"] as? [[String: Any]])
  }
}
