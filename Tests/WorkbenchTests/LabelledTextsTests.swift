import Basics
import TestSupport
import Testing
import Workbench

@Suite("Labelled texts")
struct LabelledTextsTests {
  /// A line end is a byte of a text to a classifier, which no text has that it learned from.
  @Test("lines are texts without what ends them, as the fields of records are")
  func lines() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("is it warm\n\n  who opened it \r\nlast", to: "\(folder)/lines.txt")
      try AtomicFile.write(
        "{\"text\": \"is it warm\"}\n{\"text\": \"last\"}\n", to: "\(folder)/records.jsonl")
      func texts(_ name: String) throws -> [String] {
        try LabelledTexts(lines: "\(folder)/\(name)", text: "text", columns: ["label", "text"]).examples.map(\.text)
      }
      #expect(try texts("lines.txt") == ["is it warm", "  who opened it ", "last"])
      #expect(try texts("records.jsonl") == ["is it warm", "last"])
      try AtomicFile.write("\n\n", to: "\(folder)/none.txt")
      #expect(throws: HintedError.self) { try texts("none.txt") }
    }
  }
}
