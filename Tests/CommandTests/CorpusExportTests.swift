import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic corpus export")
struct CorpusExportTests {
  private static func json(_ path: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(try AtomicFile.read(path))) as? [String: Any])
  }

  @Test("every document lies in the file of its split, and what describes the files says what is in them")
  func layout() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until curate")
      let outcome = try await project("corpus export tiny --out dataset")
      #expect(outcome.status == 0, "\(outcome)")
      let documents = try RecordFile.read(Document.self, project.path("documents/tiny/documents.jsonl.zst"))
      let croissant = try Self.json("\(folder)/dataset/croissant.json")
      let objects = try #require(croissant["distribution"] as? [[String: Any]])
      let readme = String(decoding: try AtomicFile.read("\(folder)/dataset/README.md"), as: UTF8.self)
      for (split, name) in [(Split.train, "train"), (.heldOut, "test")] {
        let path = "data/\(name)-00000-of-00001.jsonl"
        let bytes = try AtomicFile.read("\(folder)/dataset/\(path)")
        let texts = try bytes.split(separator: 0x0A).map { line in
          (try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])?["text"] as? String
        }
        #expect(texts == documents.filter { $0.split == split }.map(\.text))
        let object = try #require(objects.first { $0["contentUrl"] as? String == path })
        #expect(object["sha256"] as? String == "\(ContentID(of: bytes))".replacing("sha256:", with: ""))
        #expect(readme.contains("  - split: \(name)\n    path: \(path)\n"))
        #expect(readme.contains("  - name: \(name)\n    num_examples: \(texts.count)\n"))
      }
      let again = try await project("corpus export tiny --out dataset")
      #expect(again.status == 64 && again.standardError.contains("not empty"))
    }
  }
}
