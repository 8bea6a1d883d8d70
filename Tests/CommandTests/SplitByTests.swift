import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("A recipe's split, and what it is kept apart from")
struct SplitByTests {
  /// - Parameter curation: keys of the section.
  private func documents(
    _ project: TinyProject, _ curation: String
  ) async throws -> (documents: [Document], rejections: [Rejection], ran: [String]) {
    try project.writeRecipe(task: "task: {reply: after-first-line}")
    let path = "\(project.folder)/Corpora/tiny/recipe.yaml"
    let recipe = String(decoding: try AtomicFile.read(path), as: UTF8.self)
    try AtomicFile.write(
      recipe.replacing("heldOutFraction: 0.1", with: "heldOutFraction: 0.3\n  \(curation)"), to: path)
    let made = try await project.make("--until curate")
    return (
      try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst")),
      try RecordFile.read(Rejection.self, project.path("documents/tiny/rejections.jsonl.zst")), made.ran
    )
  }

  private func areWhole<Key: Hashable>(_ documents: [Document], by key: (Document) -> Key) -> Bool {
    let sides = Dictionary(grouping: documents, by: key).values.map { Set($0.map(\.split)) }
    return sides.allSatisfy { $0.count == 1 } && Set(sides).count == 2
  }

  @Test("documents of one prompt, one word or one request lie on one side; another key is another corpus")
  func keys() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let request = { (document: Document) in String(document.text.prefix { $0 != "\n" }) }
      let plain = try await documents(project, "minimumByteCount: 1").documents
      #expect(!areWhole(plain, by: \.sampleID))
      for key in ["prompt", "topic", "template"] {
        let (split, _, ran) = try await documents(project, "splitBy: \(key)")
        #expect(ran == ["curate"] && Set(split.map(\.id)) == Set(plain.map(\.id)))
        // All prompts are of one template.
        #expect(key == "template" ? Set(split.map(\.split)).count == 1 : areWhole(split, by: \.sampleID), "\(key)")
        #expect(try await documents(project, "splitBy: \(key)").ran == [])
      }
      #expect(areWhole(try await documents(project, "splitBy: request").documents, by: request))
    }
  }

  @Test("documents that share words with a file of the recipe are refused, and the receipt knows its texts")
  func against() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let plain = try await documents(project, "splitBy: request").documents
      let long = try #require(plain.first { $0.text.split { !$0.isLetter && !$0.isNumber }.count >= 8 })
      let test = "\(folder)/Corpora/tiny/words/test.txt"
      try AtomicFile.write("nothing that is in it at all\n\(long.text.replacing("\n", with: " "))\n", to: test)
      let found = try await documents(project, "against: [words/test.txt]")
      #expect(found.ran == ["curate"] && !found.documents.contains { $0.id == long.id })
      let rejection = try #require(found.rejections.first { $0.text == long.text && $0.reason == .contaminated })
      #expect(rejection.detail.contains("words/test.txt:2"))
      #expect(found.documents.count + found.rejections.count { $0.reason == .contaminated } >= plain.count)
      try AtomicFile.write("another that is nowhere in it\n", to: test)
      let again = try await documents(project, "against: [words/test.txt]")
      #expect(again.ran == ["curate"] && again.documents.contains { $0.id == long.id })
    }
  }
}
