import Basics
import Foundation
import TestSupport
import Testing

@Suite("Files under temporary names")
struct UnfinishedFilesTests {
  private static func temporaryName(_ name: String) -> String { ".\(name).\(UUID().uuidString).partial" }

  @Test("what nobody holds is removed by the first file of a process in that folder; what somebody writes stays")
  func sweep() async throws {
    try await withTemporaryFolder { folder in
      let left = Self.temporaryName("checkpoint")
      let folderLeft = Self.temporaryName("kettle")
      try Data("half".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(left)"))
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(folderLeft)/words", withIntermediateDirectories: true)
      let others = [".notes.partial", "a.partial", ".x.nouuid.partial", "plain.txt"]
      for name in others { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      // Another process, as it were, is at this one: a lock is of the open file, not of the process.
      let held = Self.temporaryName("held")
      try Data().write(to: URL(fileURLWithPath: "\(folder)/\(held)"))
      let descriptor = open("\(folder)/\(held)", O_RDONLY)
      defer { close(descriptor) }
      #expect(flock(descriptor, LOCK_EX) == 0)
      try AtomicFile.write("whole", to: "\(folder)/file")
      #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == Set(others + ["file", held]))
    }
  }

  @Test("a file that is being written survives a sweep, and is there when it is finished")
  func concurrent() async throws {
    try await withTemporaryFolder { folder in
      let writer = try AtomicFileWriter("\(folder)/file")
      try writer.append(Array("whole".utf8))
      UnfinishedFiles.sweep(folder)
      try writer.finish()
      #expect(String(decoding: try AtomicFile.read("\(folder)/file"), as: UTF8.self) == "whole")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test(
    "names",
    arguments: [
      (".a.6B29FC40-CA47-1067-B31D-00DD010662DA.partial", true),
      (".a.b.json.6B29FC40-CA47-1067-B31D-00DD010662DA.partial", true),
      ("a.6B29FC40-CA47-1067-B31D-00DD010662DA.partial", false), ("checkpoint.partial", false),
      (".6B29FC40-CA47-1067-B31D-00DD010662DA.partial", false), (".a.6B29FC40.partial", false),
    ])
  func names(name: String, isTemporary: Bool) {
    #expect(UnfinishedFiles.isTemporary(name) == isTemporary)
  }

  @Test("dates are ISO 8601; those of earlier versions are still read")
  func dates() throws {
    let date = Date(timeIntervalSince1970: 1_795_000_000)
    #expect(try CanonicalJSON.text([date]) == #"["2026-11-18T11:06:40Z"]"#)
    #expect(try CanonicalJSON.decode([Date].self, from: #"["2026-11-18T11:06:40Z"]"#.utf8.map { $0 }) == [date])
    let seconds = date.timeIntervalSinceReferenceDate
    #expect(try CanonicalJSON.decode([Date].self, from: Array("[\(seconds)]".utf8)) == [date])
    #expect(throws: (any Error).self) { try CanonicalJSON.decode([Date].self, from: Array(#"["soon"]"#.utf8)) }
  }

  @Test("a pipe is read to its end; a device, and a file beyond memory, are refused with the reason")
  func pipes() async throws {
    try await withTemporaryFolder { folder in
      let pipe = "\(folder)/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let text = [UInt8](repeating: 7, count: 3_000_000)
      let writer = Thread {
        guard let file = FileHandle(forWritingAtPath: pipe) else { return }
        try? file.write(contentsOf: Data(text))
        try? file.close()
      }
      writer.start()
      #expect(try AtomicFile.read(pipe) == text)
      let device = try #require(throws: HintedError.self) { try AtomicFile.read("/dev/zero") }
      #expect(device.message == "/dev/zero is a device, not a file")
      let sparse = "\(folder)/sparse"
      #expect(FileManager.default.createFile(atPath: sparse, contents: nil) && truncate(sparse, 200 << 30) == 0)
      let large = try #require(throws: HintedError.self) { try AtomicFile.read(sparse) }
      #expect(large.message.hasSuffix("has more than 8.0 GiB"))
    }
  }
}
