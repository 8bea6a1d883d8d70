import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic curate --proof of a corpus")
struct CorpusProofTests {
  @Test("a recipe's split is proven; a text that comes to the other side later is found by the check")
  func proof() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      _ = try await project.make("--until ask")
      let curated = try await project("curate tiny --proof")
      #expect(curated.status == 0 && curated.standardError.contains("proof.json"), "\(curated)")
      let proof = project.path("documents/tiny/proof.json")
      let whole = try await project("corpus check --proof \(proof) --json")
      #expect(whole.status == 0, "\(whole.standardOutput)")
      let path = project.path("documents/tiny/documents.jsonl.zst")
      var documents = try RecordFile.read(Document.self, path)
      let counts = try #require(try whole.json()["heldOut"] as? [String: Any])
      #expect(counts["textCount"] as? Int == documents.count { $0.split == .heldOut })

      let place = try #require(documents.firstIndex { $0.split == .heldOut })
      let twin = try #require(documents.first { $0.split == .train })
      documents[place] = Document(
        sampleID: documents[place].sampleID, indexInSample: 0, split: .heldOut, text: twin.text + "!")
      try AtomicFile.write(try RecordFile.encode(documents), to: path)
      let near = try await project("corpus check --proof \(proof)")
      #expect(near.status == 1 && near.standardOutput.contains("alike"), "\(near)")
      documents[place] = Document(
        sampleID: documents[place].sampleID, indexInSample: 0, split: .heldOut, text: twin.text)
      try AtomicFile.write(try RecordFile.encode(documents), to: path)
      let same = try await project("corpus check --proof \(proof)")
      #expect(same.status == 1 && same.standardOutput.contains("the same wording lies on both sides"), "\(same)")
      // Nothing is proven of such a file.
      let again = try await project("curate tiny --proof")
      #expect(again.status == 0, "curation makes it again: \(again)")
      #expect(try await project("corpus check --proof \(proof)").status == 0)
    }
  }

  @Test("what is for files is not passed over in silence", arguments: ["--near off", "--held-out 0.2", "--seed 4"])
  func refused(option: String) async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      let outcome = try await project("curate tiny \(option)")
      #expect(outcome.status == 64, "\(outcome)")
      #expect(outcome.standardError.contains("\(option.split(separator: " ")[0]) is for --input"), "\(outcome)")
    }
  }
}
