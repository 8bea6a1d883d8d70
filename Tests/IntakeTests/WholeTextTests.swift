import Basics
import Foundation
import Intake
import TestSupport
import Testing

@Suite("A whole text from a file")
struct WholeTextTests {
  private static let text = "Once upon a time, Käthe.\n"

  @Test("compressed or not, it is the same text", arguments: ["cat", "gzip -c", "zstd -qc"])
  func compressed(tool: String) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(Self.text, to: "\(folder)/plain")
      let result = try await runTool("sh", ["-c", "\(tool) plain > packed"], in: folder)
      #expect(result.status == 0)
      #expect(try WholeText.read("\(folder)/packed") == Array(Self.text.utf8))
    }
  }

  @Test("a packed file may not become larger than memory", arguments: [(100_000, true), (99_999, false)])
  func limit(byteLimit: Int, isRead: Bool) async throws {
    try await withTemporaryFolder { folder in
      let made = try await runTool("sh", ["-c", "head -c 100000 /dev/zero | gzip -c > packed"], in: folder)
      #expect(made.status == 0)
      let read = { try WholeText.bytes(of: "\(folder)/packed", byteLimit: byteLimit).count }
      if isRead {
        #expect(try read() == 100_000)
      } else {
        #expect(throws: HintedError.self) { try read() }
      }
    }
  }

  @Test("what is no UTF-8 is named as it was given, with the byte")
  func notUTF8() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/latin"
      try AtomicFile.write(Array("caf".utf8) + [0xE9, 0x0A], to: path)
      let error = #expect(throws: HintedError.self) { try WholeText.read(path) }
      #expect(error?.message == "\(path) is not UTF-8: byte 233 at offset 3 begins no character")
    }
  }

  @Test(
    "what came compressed from elsewhere says so",
    arguments: [[0x1F, 0x8B, 8], [0x28, 0xB5, 0x2F, 0xFD, 1], [0x50, 0x4B, 3, 4]])
  func fetched(bytes: [Int]) {
    let error = #expect(throws: HintedError.self) {
      try WholeText.check(bytes.map { UInt8($0) }, named: "https://example.com/a")
    }
    #expect(error?.message.hasPrefix("https://example.com/a is a ") == true)
    #expect(error?.message.hasSuffix(" file, not a text") == true)
  }
}
