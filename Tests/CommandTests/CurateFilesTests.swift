import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic curate --input")
struct CurateFilesTests {
  /// Texts with copies, exact and near.
  private static func content(_ count: Int) -> String {
    var generator = SeededGenerator(seed: 9)
    var texts: [String] = []
    for number in 0..<count {
      var words = (0..<40).map { _ in "w\(generator.below(3000))" }
      if number > 10, generator.below(2) == 0 {
        words = texts[generator.below(texts.count)].split(separator: " ").map(String.init)
        if generator.below(2) == 0 { words[generator.below(words.count)] = "changed" }
      }
      texts.append(words.joined(separator: " "))
    }
    return texts.map { "{\"text\":\"\($0)\",\"n\":1}\n" }.joined()
  }

  private static func names(in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test("a kill at any moment leaves no half file, and the same command makes the same bytes")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(Self.content(20_000), to: "\(folder)/a.jsonl")
      let alambic = AlambicCommand(in: folder)
      let start = Date()
      #expect(try await alambic("curate --input a.jsonl --output whole --quiet").status == 0)
      let seconds = -start.timeIntervalSinceNow
      let files = ["documents.jsonl", "rejections.jsonl", "report.json"]
      let whole = try files.map { try AtomicFile.read("\(folder)/whole/\($0)") }
      var generator = SystemRandomNumberGenerator()
      for _ in 0..<KillCount.value(usually: 12) {
        let delay = Double.random(in: 0...seconds, using: &generator)
        _ = try await alambic.run(["curate", "--input", "a.jsonl", "--output", "out", "--quiet"], .killed) {
          try await Task.sleep(for: .seconds(delay))
        }
        for name in try Self.names(in: "\(folder)/out") where files.contains(name) {
          #expect(try AtomicFile.read("\(folder)/out/\(name)") == whole[files.firstIndex(of: name) ?? 0])
        }
      }
      #expect(try await alambic("curate --input a.jsonl --output out --quiet").status == 0)
      #expect(try files.map { try AtomicFile.read("\(folder)/out/\($0)") } == whole)
      #expect(try Self.names(in: "\(folder)/out") == files)
      try HostileCount.note("kill", of: "curate", KillCount.value(usually: 12))
    }
  }

  @Test("a full disk is an error with a hint, and leaves nothing")
  func fullDisk() async throws {
    try await withTemporaryFolder { folder in
      let disk = "\(folder)/disk"
      try AtomicFile.makeFolder(disk)
      try AtomicFile.write(Self.content(20_000), to: "\(folder)/a.jsonl")
      let mount = try await runTool("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], in: folder)
      guard mount.status == 0 else { try Test.cancel("this process may not mount a file system") }
      let outcome = try await AlambicCommand(in: folder)("curate --input a.jsonl --output disk/out --quiet")
      #expect(outcome.status == 69 && outcome.standardError.contains("free some room"), "\(outcome)")
      #expect(try Self.names(in: "\(disk)/out") == [])
      #expect(try await runTool("umount", [disk], in: folder).status == 0)
    }
  }

  @Test("a folder that cannot be written is an error before anything is read")
  func readOnly() async throws {
    try await withTemporaryFolder { folder in
      let disk = "\(folder)/disk"
      try AtomicFile.makeFolder(disk)
      try AtomicFile.write(Self.content(10), to: "\(folder)/a.jsonl")
      let mount = try await runTool("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", disk], in: folder)
      guard mount.status == 0 else { try Test.cancel("this process may not mount a file system") }
      for output in ["disk/out", "disk"] {
        let outcome = try await AlambicCommand(in: folder)("curate --input a.jsonl --output \(output) --quiet")
        #expect(outcome.status == 69 && outcome.standardError.contains("Read-only file system"), "\(outcome)")
      }
      #expect(try await runTool("umount", [disk], in: folder).status == 0)
    }
  }

  @Test("with little memory the files are the same, byte by byte", arguments: ["", "--keep-near", "--near off"])
  func littleMemory(options: String) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(Self.content(30_000), to: "\(folder)/a.jsonl")
      let alambic = AlambicCommand(in: folder)
      #expect(try await alambic("curate --input a.jsonl --output whole --quiet \(options)").status == 0)
      #expect(try await alambic("curate --input a.jsonl --output out --quiet --memory 1MiB \(options)").status == 0)
      for name in ["documents.jsonl", "rejections.jsonl", "report.json"] {
        #expect(try AtomicFile.read("\(folder)/out/\(name)") == AtomicFile.read("\(folder)/whole/\(name)"))
      }
      #expect(try Self.names(in: "\(folder)/out") == Self.names(in: "\(folder)/whole"))
    }
  }

  @Test("two versions differ in texts that are new, gone with a reason, moved, and said more often")
  func difference() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      func curate(_ texts: [String], to output: String, _ options: String) async throws {
        try AtomicFile.write(texts.joined(separator: "\n"), to: "\(folder)/\(output).txt")
        let outcome = try await alambic(
          "curate --input \(output).txt --separator line --near off --output \(output) --quiet \(options)")
        #expect(outcome.status == 0)
      }
      try await curate(["one", "two", "a longer one"], to: "old", "--held-out 0")
      try await curate(["one", "three", "one", "a longer one"], to: "new", "--held-out 0 --max-bytes 6")
      let same = try await alambic("corpus diff old/documents.jsonl old/documents.jsonl")
      #expect(same.status == 0 && same.standardOutput.hasPrefix("3 the same · 0 new"))
      let outcome = try await alambic("corpus diff old/documents.jsonl new/documents.jsonl --json")
      #expect(outcome.status == 1)
      let answer = try outcome.json()
      #expect(answer["sameCount"] as? Int == 1 && answer["repeatsChangedCount"] as? Int == 1)
      func changes(_ name: String) -> [[String: String]] { answer[name] as? [[String: String]] ?? [] }
      #expect(changes("added") == [["text": "three"]])
      #expect(
        changes("removed") == [
          ["text": "two"], ["text": "a longer one", "reason": "too-long", "detail": "12 bytes, at most 6"],
        ])
      try await curate(["one", "two", "a longer one"], to: "moved", "--held-out 1")
      let moved = try await alambic("corpus diff old/documents.jsonl moved/documents.jsonl")
      #expect(moved.status == 1 && moved.standardOutput.contains("3 on another side"))
    }
  }

  @Test("standard input needs a format, files and a corpus exclude each other, and wrong words are said")
  func usage() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      let piped = try await alambic.run(
        ["curate", "--input", "-", "--format", "text", "--separator", "line", "--output", "o", "--json"],
        input: "one\ntwo\n\none\n")
      let report = try piped.json()
      #expect(report["recordCount"] as? Int == 3 && report["keptCount"] as? Int == 2)
      for (line, words) in [
        ("curate", "takes a corpus"), ("curate x --input a.txt --output o", "takes a corpus"),
        ("curate --input a.txt", "--output"), ("curate --input - --output o", "--format"),
        ("curate --input a.bin --output o", ".jsonl"), ("curate --input a.txt --output o --near 2", "0.3"),
        ("curate --input a.txt --output o --memory 9", "1MiB"),
        ("curate --input a.txt --output o --near x", "not a number"),
        ("curate --input a.txt --output o --refuse talk", "chatter"),
        ("curate --input a.txt --output o --min-bytes 9 --max-bytes 2", "more than"),
        ("curate --input a.txt --output o --accept (", "regular expression"),
      ] {
        let outcome = try await alambic(line)
        #expect(outcome.status == 64 && outcome.standardError.contains(words), "\(line): \(outcome)")
      }
      #expect(try await alambic("curate --input missing.txt --output o").status == 65)
    }
  }

  @Test(
    "nothing kept is an error with what to try, and leaves the refusals",
    arguments: [
      ("latin.txt", "--near off", "caf\u{E9} au lait\n", "iconv -f latin1"),
      ("chat.jsonl", "", "{\"messages\":[]}\n", "--text"),
      ("long.txt", "--max-bytes 10", "one line\nand another\n", "--separator line"),
      ("empty.txt", "", "", "the files hold no text"),
    ])
  func nothing(name: String, options: String, text: String, hint: String) async throws {
    try await withTemporaryFolder { folder in
      // Of the Latin-1 text each scalar is a byte.
      try AtomicFile.write(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, to: "\(folder)/\(name)")
      let outcome = try await AlambicCommand(in: folder)("curate --input \(name) --output out \(options)")
      #expect(outcome.status == 65 && outcome.standardError.contains("none is kept"), "\(outcome)")
      #expect(outcome.standardError.contains(hint) && !outcome.standardError.contains("next  "), "\(outcome)")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/rejections.jsonl"))
    }
  }
}
