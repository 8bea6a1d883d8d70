import Basics
import TestSupport
import Testing
import Workbench

@Suite("Plain texts")
struct PlainTextFileTests {
  @Test(
    "what is packed otherwise, and tables, are refused by their first bytes and by their names",
    arguments: [
      ("a", "BZh91AY&SY", "is a bzip2 file"), ("a.txt", "PK\u{3}\u{4}", "is a zip file"),
      ("a.bin", "PAR1", "is a Parquet file"), ("a.txt", "ý7zXZ\0", "is a xz file"), ("a", "ÿþ", "is text in UTF-16"),
      ("a.jsonl", "{}", "a table of records"), ("a.b.CSV", "x", "a table of records"),
      ("a.tsv.gz", "x", "a table of records"),
    ])
  func refused(name: String, start: String, words: String) async throws {
    try await withTemporaryFolder { folder in
      let bytes = start.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + Array("rest".utf8)
      try AtomicFile.write(bytes, to: "\(folder)/\(name)")
      let error = #expect(throws: HintedError.self) { try PlainTextFile.read("\(folder)/\(name)") }
      #expect(error?.message.contains(words) == true)
      #expect(error?.hint != nil)
    }
  }

  @Test(
    "any other file is its bytes, UTF-8 or not",
    arguments: [[], [0x42], Array("BZhong said.".utf8), [0x50, 0x4B], [0xFD, 0x37], [0xC3, 0x28]])
  func read(bytes: [UInt8]) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/a.txt")
      #expect(try PlainTextFile.read("\(folder)/a.txt") == bytes)
    }
  }

  @Test("what gzip or zstd packed is what it was, from a file and from a pipe", arguments: ["gzip -c", "zstd -qc"])
  func packed(tool: String) async throws {
    try await withTemporaryFolder { folder in
      let text = String(repeating: "a\u{0}b\n", count: 3)
      try AtomicFile.write(text, to: "\(folder)/a.txt")
      let made = try await runTool("sh", ["-c", "\(tool) a.txt > packed && mkfifo pipe"], in: folder)
      #expect(made.status == 0)
      #expect(try PlainTextFile.read("\(folder)/packed") == Array(text.utf8))
      async let fed = runTool("sh", ["-c", "cat packed > pipe"], in: folder)
      #expect(try PlainTextFile.read("\(folder)/pipe") == Array(text.utf8))
      #expect(try await fed.status == 0)
    }
  }

  @Test("a folder, a device and what is not there are named", arguments: ["", "/dev/zero", "/missing"])
  func unreadable(path: String) async throws {
    try await withTemporaryFolder { folder in
      let path = path.hasPrefix("/dev") ? path : folder + path
      let error = #expect(throws: HintedError.self) { try PlainTextFile.read(path) }
      #expect(error?.message.contains(path) == true)
      #expect(error?.hint != nil)
    }
  }
}
