import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic curate --part")
struct CuratePartTests {
  private static let files = ["documents.jsonl", "rejections.jsonl", "report.json"]
  private static let options = ["curate", "--input", "a.jsonl", "b.jsonl", "c.jsonl", "--output"]

  private static func write(_ folder: String) throws {
    for name in ["a", "b", "c"] {
      let lines = (0..<400).map { "{\"text\":\"text \($0 % 300) of \($0 % 2 == 0 ? "all" : name)\"}\n" }
      try AtomicFile.write(lines.joined(), to: "\(folder)/\(name).jsonl")
    }
  }

  private static func bytes(_ folder: String) throws -> [[UInt8]] {
    try files.map { try AtomicFile.read("\(folder)/\($0)") }
  }

  @Test("parts in any order, one of them twice, merge to one machine's bytes; a missing one is named")
  func parts() async throws {
    try await withTemporaryFolder { folder in
      try Self.write(folder)
      let alambic = AlambicCommand(in: folder)
      #expect(try await alambic.run(Self.options + ["whole"]).status == 0)
      let early = try await alambic.run(Self.options + ["out", "--merge", "3"])
      #expect(early.status == 75 && early.standardError.contains("3 of 3 parts in out/parts are missing: 1-3"))
      for part in ["3/3", "1/3"] { #expect(try await alambic.run(Self.options + ["out", "--part", part]).status == 0) }
      let late = try await alambic.run(Self.options + ["out", "--merge", "3"])
      #expect(
        late.status == 75 && late.standardError.contains("missing: 2") && late.standardError.contains("--part 2/3"))
      let environment = ["JOB_COMPLETION_INDEX": "1"]
      #expect(try await alambic.run(Self.options + ["out", "--part", "auto/3"], environment: environment).status == 0)
      let again = try await alambic.run(Self.options + ["out", "--part", "2/3"])
      #expect(again.status == 0 && again.standardError.contains("complete since attempt 1"), "\(again)")
      #expect(try await alambic.run(Self.options + ["out", "--merge", "3"]).status == 0)
      #expect(try Self.bytes("\(folder)/out") == Self.bytes("\(folder)/whole"))
    }
  }

  @Test("parts of other options or other files, and damaged ones, do not count")
  func strangers() async throws {
    try await withTemporaryFolder { folder in
      try Self.write(folder)
      let alambic = AlambicCommand(in: folder)
      for part in 1...3 {
        #expect(try await alambic.run(Self.options + ["out", "--part", "\(part)/3"]).status == 0)
      }
      let other = try await alambic.run(Self.options + ["out", "--merge", "3", "--near", "0.7"])
      #expect(other.status == 75 && other.standardError.contains("by other options"), "\(other)")
      let blocks = "\(folder)/out/parts/2-of-3/1/blocks"
      var bytes = try AtomicFile.read(blocks)
      bytes[bytes.count / 2] ^= 1
      try AtomicFile.write(bytes, to: blocks)
      let damaged = try await alambic.run(Self.options + ["out", "--merge", "3"])
      #expect(damaged.status == 75 && damaged.standardError.contains("its blocks are not those"), "\(damaged)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/documents.jsonl"))
      // Another attempt takes its place.
      #expect(try await alambic.run(Self.options + ["out", "--part", "2/3"]).status == 0)
      #expect(try await alambic.run(Self.options + ["out", "--merge", "3"]).status == 0)
    }
  }

  @Test("a file that changed between two parts is an error that names both")
  func changedInput() async throws {
    try await withTemporaryFolder { folder in
      try Self.write(folder)
      let alambic = AlambicCommand(in: folder)
      let options = ["curate", "--input", "a.jsonl", "--output", "out"]
      #expect(try await alambic.run(options + ["--part", "1/2"]).status == 0)
      try AtomicFile.write("{\"text\":\"another\"}\n", to: "\(folder)/a.jsonl")
      #expect(try await alambic.run(options + ["--part", "2/2"]).status == 0)
      let outcome = try await alambic.run(options + ["--merge", "2"])
      #expect(
        outcome.status == 65 && outcome.standardError.contains("parts 1/2 and 2/2 read different bytes of a.jsonl"))
    }
  }

  @Test("a part that is killed at any moment is done again, and nothing else is")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      for name in ["a", "b", "c"] {
        let lines = (0..<8000).map { "{\"text\":\"text \(name) \($0 % 6000) and more words of it\"}\n" }
        try AtomicFile.write(lines.joined(), to: "\(folder)/\(name).jsonl")
      }
      let alambic = AlambicCommand(in: folder)
      #expect(try await alambic.run(Self.options + ["whole"]).status == 0)
      for part in 1...3 {
        for _ in 0..<KillCount.value(usually: 6) / 3 {
          let delay = Double.random(in: 0...0.2)
          _ = try await alambic.run(Self.options + ["out", "--part", "\(part)/3", "--quiet"], .killed) {
            try await Task.sleep(for: .seconds(delay))
          }
        }
        #expect(try await alambic.run(Self.options + ["out", "--part", "\(part)/3"]).status == 0)
        let attempts = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out/parts/\(part)-of-3")
        #expect(attempts.count == 2, "\(attempts)")
      }
      #expect(try await alambic.run(Self.options + ["out", "--merge", "3"]).status == 0)
      #expect(try Self.bytes("\(folder)/out") == Self.bytes("\(folder)/whole"))
      try HostileCount.note("kill", of: "curate --part", KillCount.value(usually: 6))
    }
  }

  @Test("--part and --merge are for files, and exclude each other")
  func usage() async throws {
    try await withTemporaryFolder { folder in
      try Self.write(folder)
      let alambic = AlambicCommand(in: folder)
      #expect(try await alambic.run(["curate", "helper", "--part", "1/2"]).status == 64)
      #expect(try await alambic.run(Self.options + ["out", "--part", "1/2", "--merge", "2"]).status == 64)
      #expect(try await alambic.run(Self.options + ["out", "--part", "4/3"]).status == 64)
      #expect(try await alambic.run(Self.options + ["out", "--merge", "0"]).status == 64)
    }
  }
}
