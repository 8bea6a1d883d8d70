import Basics
import Formats
import TestSupport
import Testing

@Suite("Seekable zstd")
struct ShardSeekableTests {
  private func file(of content: [UInt8], frameContentByteCount: Int, level: Int = 3) throws -> [UInt8] {
    var writer = try SeekableWriter(
      frameContentByteCount: frameContentByteCount, compressor: try ZstdCompressor(level: level))
    try writer.append(content)
    return try writer.finish()
  }

  private func text(_ byteCount: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return (0..<byteCount).map { _ in UInt8(ascii: "a") + UInt8(generator.below(6)) }
  }

  @Test("The zstd tool reads what we write", arguments: [0, 1, 999, 1_000, 10_001])
  func plainTool(byteCount: Int) async throws {
    let content = text(byteCount)
    try await withTemporaryFolder { folder in
      try AtomicFile.write(try file(of: content, frameContentByteCount: 1_000), to: "\(folder)/a.zst")
      let result = try await runTool("zstd", ["-d", "-c", "a.zst"], in: folder)
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.output == content)
    }
  }

  @Test("Frames come back in any order")
  func randomAccess() async throws {
    let content = text(10_001)
    try await withTemporaryFolder { folder in
      try AtomicFile.write(try file(of: content, frameContentByteCount: 1_000), to: "\(folder)/a.zst")
      let reader = try SeekableReader(try RandomAccessFile("\(folder)/a.zst"))
      #expect(reader.frameCount == 11)
      #expect(reader.contentByteCount == content.count)
      for frame in [10, 0, 5, 5, 9] {
        #expect(try reader.content(ofFrame: frame) == Array(content[reader.contentRange(ofFrame: frame)]))
      }
      #expect(reader.frameIndex(ofContentByte: 999) == 0)
      #expect(reader.frameIndex(ofContentByte: 1_000) == 1)
      #expect(reader.frameIndex(ofContentByte: 10_000) == 10)
      #expect(reader.frameIndex(ofContentByte: 10_001) == nil)
    }
  }

  /// The layout of the seekable format 0.1.0's specification, read here without our reader. XXH64("a") with seed 0 is
  /// 0xD24EC4F1A98C6E5B (the value that `xxhsum -H1` prints).
  @Test("The seek table is laid out as the format's specification says")
  func layout() throws {
    let bytes = try file(of: [UInt8(ascii: "a")], frameContentByteCount: 64)
    var reader = ByteReader(Array(bytes.suffix(29)), name: "seek table")
    #expect(try reader.read(UInt32.self, "skippable magic") == 0x184D_2A5E)
    #expect(try reader.read(UInt32.self, "size") == 21)
    #expect(try reader.read(UInt32.self, "compressed size") == UInt32(bytes.count - 29))
    #expect(try reader.read(UInt32.self, "content size") == 1)
    #expect(try reader.read(UInt32.self, "checksum") == 0xA98C_6E5B)
    #expect(try reader.read(UInt32.self, "frame count") == 1)
    #expect(try reader.readUInt8("descriptor") == 0x80)
    #expect(try reader.read(UInt32.self, "footer magic") == 0x8F92_EAB1)
  }

  @Test("However the content arrives, the bytes are the same")
  func appendingPiecewise() throws {
    let content = text(5_000)
    var writer = try SeekableWriter(frameContentByteCount: 700, compressor: try ZstdCompressor(level: 3))
    var generator = SeededGenerator(seed: 5)
    var rest = content[...]
    while !rest.isEmpty {
      let count = generator.below(2_000)
      try writer.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    #expect(try writer.finish() == file(of: content, frameContentByteCount: 700))
  }

  @Test("A file that is cut anywhere is refused")
  func truncated() async throws {
    let bytes = try file(of: text(300), frameContentByteCount: 100)
    try await withTemporaryFolder { folder in
      for count in 0..<bytes.count {
        try AtomicFile.write(bytes.prefix(count), to: "\(folder)/a.zst")
        #expect(throws: HintedError.self, "cut to \(count) bytes") {
          try SeekableReader(try RandomAccessFile("\(folder)/a.zst"))
        }
      }
    }
  }

  @Test("A plain zstd file is not taken for a seekable one")
  func plainFile() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(text(3_000), to: "\(folder)/a")
      #expect(try await runTool("zstd", ["-q", "a", "-o", "a.zst"], in: folder).status == 0)
      let error = #expect(throws: HintedError.self) {
        try SeekableReader(try RandomAccessFile("\(folder)/a.zst"))
      }
      #expect(error?.message.contains("no seek table") == true)
    }
  }

  @Test("A table that claims huge frames is refused before memory is asked for")
  func hugeClaim() async throws {
    var bytes = try file(of: text(10), frameContentByteCount: 100)
    // The content size field of the only entry.
    let position = bytes.count - 9 - 8
    bytes.replaceSubrange(position..<position + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/a.zst")
      let error = #expect(throws: HintedError.self) {
        try SeekableReader(try RandomAccessFile("\(folder)/a.zst"))
      }
      #expect(error?.message.contains("claims 4294967295 bytes") == true)
    }
  }

  @Test("Levels and frame sizes out of range are refused")
  func badSettings() throws {
    #expect(throws: HintedError.self) { try ZstdCompressor(level: 0) }
    #expect(throws: HintedError.self) { try ZstdCompressor(level: 23) }
    let compressor = try ZstdCompressor(level: 1)
    #expect(throws: HintedError.self) { try SeekableWriter(frameContentByteCount: 0, compressor: compressor) }
  }
}
