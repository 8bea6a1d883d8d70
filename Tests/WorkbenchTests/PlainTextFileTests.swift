import Basics
import TestSupport
import Testing
import Workbench

@Suite("Plain texts")
struct PlainTextFileTests {
  @Test(
    "packed files and tables are refused, by their first bytes and by their names",
    arguments: [
      ("a.txt", "\u{1F}\u{8B}", "packed (gzip)"), ("a.txt", "(µ/ý", "packed (zstd)"),
      ("a", "BZh9", "packed (bzip2)"), ("a.txt", "PK\u{3}\u{4}", "packed (zip)"), ("a.bin", "PAR1", "packed (Parquet)"),
      ("a.txt", "ý7zXZ", "packed (xz)"), ("a.jsonl", "{}", "a table of records"),
      ("a.b.CSV", "x", "a table of records"),
      ("a.tsv", "x", "a table of records"),
    ])
  func refused(name: String, start: String, words: String) async throws {
    try await withTemporaryFolder { folder in
      let bytes = start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + Array("rest".utf8)
      try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      let error = #expect(throws: HintedError.self) { try PlainTextFile.read("\(folder)/\(name)") }
      #expect(error?.message.contains(words) == true)
    }
  }

  @Test("any other file is its bytes", arguments: ["", "B", "PK", "PAR", "a,b\n1,2\n"])
  func read(text: String) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(text, to: "\(folder)/a.txt")
      #expect(try PlainTextFile.read("\(folder)/a.txt") == Array(text.utf8))
    }
  }
}
