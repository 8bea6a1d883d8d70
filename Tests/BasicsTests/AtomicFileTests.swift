import Basics
import Foundation
import TestSupport
import Testing

@Suite("AtomicFile")
struct AtomicFileTests {
  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("Writes make folders, replace whole files, and leave nothing else behind")
  func writing() async throws {
    try await withTemporaryFolder { folder in
      let path = "\(folder)/a/b/file"
      try AtomicFile.write("a long first text", to: path)
      try AtomicFile.write([1, 2], to: path)
      #expect(try AtomicFile.read(path) == [1, 2])
      #expect(try names(in: "\(folder)/a/b") == ["file"])
    }
  }

  @Test("A target that cannot be replaced keeps what it holds, and no temporary file stays")
  func targetIsFolder() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("kept", to: "\(folder)/target/inner")
      let error = #expect(throws: HintedError.self) { try AtomicFile.write("new", to: "\(folder)/target") }
      #expect(error?.message.contains("cannot rename to \(folder)/target") == true)
      #expect(error?.status == .unavailable)
      #expect(try names(in: folder) == ["target"])
      #expect(try AtomicFile.read("\(folder)/target/inner") == Array("kept".utf8))
    }
  }

  @Test("A folder that cannot be written is an error with the system's reason")
  func unwritableFolder() {
    let error = #expect(throws: HintedError.self) { try AtomicFile.write("x", to: "/dev/null/folder/file") }
    #expect(error?.message.contains("/dev/null/folder") == true)
    // /proc takes no files, whoever asks.
    #expect(throws: HintedError.self) { try AtomicFile.write("x", to: "/proc/alambic-test") }
  }

  @Test("A missing file is an error with a hint")
  func missing() {
    let error = #expect(throws: HintedError.self) { try AtomicFile.read("/nowhere/at/all") }
    #expect(error?.message == "no such file: /nowhere/at/all")
    #expect(error?.hint != nil)
  }

  /// A file system of one block that is really full, where this process may mount one.
  @Test("A full disk is an error that says so, and the old file is untouched")
  func fullDisk() async throws {
    try await withTemporaryFolder { folder in
      let disk = "\(folder)/disk"
      try AtomicFile.makeFolder(disk)
      let mount = try await runTool("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], in: folder)
      guard mount.status == 0 else { try Test.cancel("this process may not mount a file system") }
      do {
        try AtomicFile.write("old", to: "\(disk)/file")
        let error = #expect(throws: HintedError.self) {
          try AtomicFile.write(Array(repeating: 7, count: 1 << 20), to: "\(disk)/file")
        }
        #expect(error?.hint?.contains("free some room") == true)
        #expect(try AtomicFile.read("\(disk)/file") == Array("old".utf8))
        #expect(try names(in: disk) == ["file"])
      }
      #expect(try await runTool("umount", [disk], in: folder).status == 0)
    }
  }
}
