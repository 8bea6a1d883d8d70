import Basics
import Formats
import Lineage
import TestSupport
import Testing

@Suite("Documents and rejections")
struct DocumentsFileTests {
  private let sampleID = ContentID(of: "a sample")

  private func documents(_ count: Int) -> [Document] {
    (0..<count).map { number in
      Document(
        sampleID: sampleID, indexInSample: number, split: number % 7 == 0 ? .heldOut : .train,
        repeats: 1 + number % 3, text: "Document \(number): \"é\"\n\ttab, slash /, \u{1F525}")
    }
  }

  private func read(_ bytes: [UInt8]) async throws -> [Document] {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/documents.jsonl.zst")
      return try RecordFile.read(Document.self, "\(folder)/documents.jsonl.zst")
    }
  }

  /// Lines of text, compressed by the `zstd` tool: what a person's own script would write.
  private func read(lines: String) async throws -> [Document] {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(lines, to: "\(folder)/lines")
      #expect(try await runTool("zstd", ["-q", "lines", "-o", "lines.zst"], in: folder).status == 0)
      return try RecordFile.read(Document.self, "\(folder)/lines.zst")
    }
  }

  @Test("What is written is read", arguments: [0, 1, 50])
  func roundTrip(count: Int) async throws {
    let written = documents(count)
    #expect(try await read(RecordFile.encode(written)) == written)
  }

  @Test("Rejections come back with reason, detail and the matched document")
  func rejections() async throws {
    let rejection = Rejection(
      sampleID: sampleID, indexInSample: 2, reason: .duplicate, detail: "the same text",
      matchedDocumentID: ContentID(of: "x"), text: "x\u{0}")
    try await withTemporaryFolder { folder in
      try AtomicFile.write(try RecordFile.encode([rejection]), to: "\(folder)/rejections.jsonl.zst")
      #expect(try RecordFile.read(Rejection.self, "\(folder)/rejections.jsonl.zst") == [rejection])
    }
  }

  @Test("Many frames are one text, and the zstd tool sees the same lines")
  func manyFrames() async throws {
    let long = (0..<40).map { number in
      Document(
        sampleID: sampleID, indexInSample: number, split: .train,
        text: String(repeating: "\(number) ", count: 40_000))
    }
    try await withTemporaryFolder { folder in
      let path = "\(folder)/documents.jsonl.zst"
      try AtomicFile.write(try RecordFile.encode(long), to: path)
      #expect(try RecordFile.read(Document.self, path) == long)
      let lines = try await runTool("zstd", ["-d", "-c", path], in: folder).output.split(separator: UInt8(ascii: "\n"))
      #expect(lines.count == long.count)
      #expect(try lines.first.map(Array.init) == CanonicalJSON.encode(long[0]))
    }
  }

  @Test("Equal documents give equal bytes")
  func deterministic() throws {
    #expect(try RecordFile.encode(documents(30)) == RecordFile.encode(documents(30)))
  }

  @Test("A file that is cut anywhere is refused")
  func truncated() async throws {
    let bytes = try RecordFile.encode(documents(3))
    for count in 1..<bytes.count {
      await #expect(throws: HintedError.self, "cut to \(count) bytes") {
        try await read(Array(bytes.prefix(count)))
      }
    }
  }

  @Test("A flipped bit is refused, or changes nothing that is read")
  func flipped() async throws {
    let written = documents(3)
    let bytes = try RecordFile.encode(written)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x10
      do {
        #expect(try await read(damaged) == written)
      } catch let error as HintedError {
        #expect(error.message.contains("documents.jsonl.zst"))
      }
    }
  }

  @Test("Errors name the line")
  func lineNumbers() async throws {
    let good = try documents(1).map { try CanonicalJSON.text($0) }[0] + "\n"
    let edited = good.replacing("Document 0", with: "Document X")
    let cases = [
      (good + "{\n", ":2: not a JSON text"),
      (good + "\n", ":2: not a JSON text"),
      (good + good.replacing("\"split\":\"held-out\",", with: ""), ":2: the field 'split' is missing"),
      (good + good.replacing("held-out", with: "both"), ":2: the field 'split'"),
      (good + edited, ":2: the id"),
      (good + good.dropLast(), ":2: the last line has no line feed"),
    ]
    for (lines, expected) in cases {
      let error = await #expect(throws: HintedError.self) { try await read(lines: lines) }
      #expect(error?.message.contains(expected) == true, "\(expected) is not in \(error?.message ?? "")")
    }
  }

  @Test("Invalid UTF-8 is refused")
  func invalidUTF8() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write([0x7B, 0xFF, 0xFE, 0x7D, 0x0A], to: "\(folder)/lines")
      #expect(try await runTool("zstd", ["-q", "lines", "-o", "lines.zst"], in: folder).status == 0)
      let error = #expect(throws: HintedError.self) {
        try RecordFile.read(Document.self, "\(folder)/lines.zst")
      }
      #expect(error?.message.contains("not valid UTF-8") == true)
    }
  }

  @Test("A document whose text holds the separator byte is neither written nor read")
  func separatorByte() async throws {
    let document = Document(sampleID: sampleID, indexInSample: 0, split: .train, text: "a\u{0}b")
    #expect(throws: HintedError.self) { try RecordFile.encode([document]) }
    let line = try CanonicalJSON.text(document) + "\n"
    await #expect(throws: HintedError.self) { try await read(lines: line) }
  }

  @Test("A line without end is refused in bounded memory")
  func endlessLine() async throws {
    let line = String(repeating: "a", count: (16 << 20) + 1)
    let error = await #expect(throws: HintedError.self) { try await read(lines: line) }
    #expect(error?.message.contains("longer than") == true)
  }

  @Test("the largest document that a recipe allows fits a line however it is escaped; a longer refused text is cut")
  func largest() throws {
    // A control character takes six bytes of JSON, which is the most.
    let text = String(repeating: "\u{1}", count: Document.byteLimit)
    let sample = ContentID(of: "sample")
    _ = try RecordFile.encode([Document(sampleID: sample, indexInSample: 0, split: .train, text: text)])
    let long = "a" + String(repeating: "é", count: 12_000_000)
    let rejection = Rejection(
      sampleID: sample, indexInSample: 0, reason: .tooLong, detail: "24000001 bytes; the limit is 65536", text: long)
    #expect(rejection.text.utf8.count == Rejection.textByteLimit - 1 && long.hasPrefix(rejection.text))
    #expect(rejection.detail == "24000001 bytes; the limit is 65536; of 24000001 bytes the first 1048576")
    _ = try RecordFile.encode([rejection])
    let whole = String(repeating: "b", count: Rejection.textByteLimit)
    let short = Rejection(sampleID: sample, indexInSample: 0, reason: .tooLong, detail: "x", text: whole)
    #expect(short.text == whole && short.detail == "x")
  }
}
