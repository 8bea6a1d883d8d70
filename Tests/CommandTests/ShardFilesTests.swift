import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic shard --input")
struct ShardFilesTests {
  /// Curated documents, a tenth of which is held out.
  private static func prepare(_ folder: String) async throws -> AlambicCommand {
    var generator = SeededGenerator(seed: 4)
    let lines = (0..<400).map { number in
      let words = (0..<12).map { _ in "w\(generator.below(200))" }.joined(separator: " ")
      return "{\"text\":\"\(number) \(words)\",\"n\":1}\n"
    }
    try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
    let alambic = AlambicCommand(in: folder)
    #expect(try await alambic("curate --input a.jsonl --output curated --near off --quiet").status == 0)
    return alambic
  }

  private struct Line: Decodable {
    var text: String
    var split: String
  }

  @Test("files become shards that can be checked, read in both orders, and trained on")
  func whole() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.prepare(folder)
      let shard = try await alambic("shard --input curated/documents.jsonl --output ./shards --quiet")
      #expect(shard.status == 0, "\(shard.standardError)")
      #expect(try await alambic("corpus check ./shards").standardOutput.contains("all as the index says"))

      let documents = try AtomicFile.read("\(folder)/curated/documents.jsonl").split(separator: 0x0A).map {
        try CanonicalJSON.decode(Line.self, from: $0, named: "line")
      }
      for split in ["train", "held-out"] {
        let expected = documents.filter { $0.split == split }.map { "\($0.text)\0" }.joined()
        let plain = try await alambic.run(["corpus", "chunks", "./shards", "--split", split]).standardOutput
        #expect(plain.hasPrefix(expected))
        #expect(plain.dropFirst(expected.count).allSatisfy { $0 == "\0" })
      }
      let numbers = try await alambic("corpus chunks ./shards --shuffle 3 --numbers").standardOutput
      let rest = try await alambic("corpus chunks ./shards --shuffle 3 --numbers --from 20 --count 7").standardOutput
      #expect(numbers.split(separator: "\n").dropFirst(20).prefix(7) == rest.split(separator: "\n")[...])
      #expect(numbers.split(separator: "\n").compactMap { Int($0) }.sorted().enumerated().allSatisfy { $0 == $1 })

      let train = try await alambic(
        "train --data ./shards --shape d_model=16,n_layers=1,d_head=4,top_k=2,kernel=3 --steps 4 --out c.checkpoint "
          + "--quiet")
      #expect(train.status == 0, "\(train.standardError)")
    }
  }

  @Test(
    "what is no document is named with its line, and leaves no index",
    arguments: [
      ("{\"text\":\"a\",\"split\":\"test\"}", "the split is 'test'"), ("{\"txt\":\"a\"}", "no member 'text'"),
      ("{\"text\":\"a\",\"repeats\":0}", "repeats is 0"),
      ("{\"text\":\"a\",\"repeats\":1.5}", "'repeats' is not an integer"),
      ("{\"text\":7}", "'text' is not text"), ("no", "no JSON object"), ("{\"text\":\"\"}", "empty"),
      ("{\"text\":\"a\\u0000b\"}", "separator"),
    ])
  func refused(line: String, message: String) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("{\"text\":\"good\"}\n\(line)\n", to: "\(folder)/d.jsonl")
      let result = try await AlambicCommand(in: folder)("shard --input d.jsonl --output shards --quiet")
      #expect(result.status == 65)
      #expect(result.standardError.contains(message), "\(result.standardError)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/shards/index.json"))
    }
  }

  @Test("a kill at any moment leaves no index of half a set, and the same command makes the same bytes")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      var generator = SeededGenerator(seed: 8)
      let lines = (0..<30_000).map { number in
        "{\"text\":\"\(number) \((0..<20).map { _ in "w\(generator.below(3000))" }.joined(separator: " "))\"}\n"
      }
      try AtomicFile.write(lines.joined(), to: "\(folder)/d.jsonl")
      let alambic = AlambicCommand(in: folder)
      let start = Date()
      #expect(try await alambic("shard --input d.jsonl --output ./whole --quiet").status == 0)
      let seconds = -start.timeIntervalSinceNow
      func files(_ name: String) throws -> [String: ContentID] {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
        return try Dictionary(
          uniqueKeysWithValues: names.map { ($0, try ContentID(ofFile: "\(folder)/\(name)/\($0)")) })
      }
      let whole = try files("whole")
      for _ in 0..<KillCount.value(usually: 8) {
        let delay = Double.random(in: 0...seconds)
        _ = try await alambic.run(["shard", "--input", "d.jsonl", "--output", "./out", "--quiet"], .killed) {
          try await Task.sleep(for: .seconds(delay))
        }
        if FileManager.default.fileExists(atPath: "\(folder)/out/index.json") { #expect(try files("out") == whole) }
      }
      #expect(try await alambic("shard --input d.jsonl --output ./out --quiet").status == 0)
      #expect(try files("out") == whole)
      try HostileCount.note("kill", of: "shard", KillCount.value(usually: 8))
    }
  }

  @Test("a folder that cannot be written, and options that do not fit together")
  func misuse() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try AtomicFile.write("{\"text\":\"good\"}\n", to: "\(folder)/d.jsonl")
      try AtomicFile.write("", to: "\(folder)/file")
      let inFile = try await alambic("shard --input d.jsonl --output file/shards --quiet")
      #expect(inFile.status == 69)
      #expect(inFile.standardError.contains("cannot make the folder file/shards: Not a directory"))
      #expect(try await alambic("shard --input d.jsonl").status == 64)
      #expect(try await alambic("shard").status == 64)
      #expect(try await alambic("shard thermostat --output x").status == 64)
      #expect(try await alambic("shard --input missing.jsonl --output x --quiet").status != 0)
      #expect(try await alambic("corpus chunks ./nothing").status == 65)
      try AtomicFile.write("{}", to: "\(folder)/mine/index.json")
      let named = try await alambic("corpus chunks mine")
      #expect(named.status == 65 && named.standardError.contains("write ./mine"), "\(named)")
    }
  }
}
