import Basics
import Curation
import Foundation
import Intake
import Lineage
import Similarity
import TestSupport
import Testing

@Suite("Proof of a split")
struct SplitProofTests {
  /// Texts of which many are nearly the same, with labels, and a test set of which two share words with them.
  private static func write(to folder: String) throws -> FileCurationSettings {
    var generator = SeededGenerator(seed: 12)
    let words = (0..<700).map { "w\($0 * 7919 % 1000)x" }
    var texts: [[String]] = []
    for number in 0..<500 {
      var text = (0..<30).map { _ in words[generator.below(words.count)] }
      if number > 10, generator.below(2) == 0 {
        text = texts[generator.below(texts.count)]
        for _ in 0..<1 + generator.below(4) { text[generator.below(text.count)] = "other" }
      }
      texts.append(text)
    }
    let lines = texts.enumerated().map {
      "{\"text\":\"\($1.joined(separator: " "))\",\"label\":\"l\($0 % 400)\"}\n"
    }
    try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
    let references = [texts[3][5..<20].joined(separator: " "), "nothing like it in any way that could be found"]
    try AtomicFile.write(references.joined(separator: "\n"), to: "\(folder)/test.txt")
    var settings = FileCurationSettings(
      paths: ["\(folder)/a.jsonl"], template: try TextTemplate("text"), output: "\(folder)/out",
      curation: CurationSettings(characters: .keep, heldOutFraction: 0.3), threadCount: 2)
    settings.curation.nearDuplicates = try NearDuplicateSettings(
      threshold: 0.8, searchedFrom: SplitProof.searchedFrom(0.8))
    settings.splitKey = try SplitKey(option: "label")
    settings.curation.contamination = try ContaminationIndex(
      try ReferenceText.read("\(folder)/test.txt", separator: .line, template: TextTemplate("text")))
    settings.proof = ProofSettings(against: ["\(folder)/test.txt"], text: "text", separator: "line", wordCount: 13)
    return settings
  }

  private func proof(_ folder: String) throws -> SplitProof {
    try CanonicalJSON.decode(SplitProof.self, from: try AtomicFile.read("\(folder)/out/proof.json"), named: "proof")
  }

  @Test("what curation writes is proven, with near duplicates removed and kept, by any count of threads")
  func holds() async throws {
    for keeps in [false, true] {
      try await withTemporaryFolder { folder in
        var settings = try Self.write(to: folder)
        settings.curation.keepsNearDuplicates = keeps
        let report = try await FileCuration(settings).run()
        #expect(report.rejected["contaminated"] ?? 0 >= 1)
        let proof = try proof(folder)
        #expect(proof.near.setCount > 20 && proof.rule.groupCount ?? 0 > 80 && proof.against?.refusedCount ?? 0 >= 1)
        #expect(proof.train.textCount + proof.heldOut.textCount == report.keptCount)
        #expect(try #require(proof.near.nearest).similarity < 0.8)
        for threads in [1, 3] {
          let check = try await ProofCheck(of: "\(folder)/out/proof.json", threadCount: threads)
          #expect(check.faults == [] && check.references.map(\.state) == [.same])
          #expect(check.nearest == proof.near.nearest && check.train == proof.train)
        }
      }
    }
  }

  /// By all pairs, which the check does not look at.
  @Test("the nearest pair of both sides is the nearest there is")
  func nearest() async throws {
    try await withTemporaryFolder { folder in
      _ = try await FileCuration(Self.write(to: folder)).run()
      let rows = try AtomicFile.read("\(folder)/out/documents.jsonl").split(separator: 0x0A).map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      }
      func side(_ name: String) -> [String] {
        rows.filter { $0["split"] as? String == name }.compactMap { $0["text"] as? String }
      }
      var (meter, best) = (JaccardMeter(), 0.0)
      for text in side("held-out") { for other in side("train") { best = max(best, meter.similarity(text, other)) } }
      #expect(abs(try #require(proof(folder).near.nearest).similarity - best) < 1e-4)
    }
  }

  @Test("whatever is changed afterwards is found, with the pair")
  func faults() async throws {
    try await withTemporaryFolder { folder in
      _ = try await FileCuration(Self.write(to: folder)).run()
      let path = "\(folder)/out/documents.jsonl"
      let lines = try AtomicFile.read(path).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
      let train = try #require(lines.first { $0.contains("\"split\":\"train\"") })
      func moved(_ line: String, _ change: (String) -> String) -> String {
        change(
          line.replacing("\"split\":\"train\"", with: "\"split\":\"held-out\"").replacing("a.jsonl:", with: "new:"))
      }
      func check(_ changed: [String]) async throws -> [String] {
        try AtomicFile.write(changed.joined(separator: "\n") + "\n", to: path)
        return try await ProofCheck(of: "\(folder)/out/proof.json", threadCount: 2).faults
      }
      #expect(try await check(lines) == [])
      let twin = try await check(lines + [moved(train) { $0 }])
      #expect(twin.contains { $0.contains("lies on both sides") && $0.contains("/new:") })
      let near = try await check(lines + [moved(train) { $0.replacing("{\"text\":\"w", with: "{\"text\":\"v") }])
      #expect(near.contains { $0.contains("alike, and below 0.8 was promised") && $0.contains("/new:") })
      let other = "a text of its own that is like no other text in this file, in any of its words"
      let text = try #require(train.firstMatch(of: #/"text":"([^"]*)"/#)).1
      let straddling = try await check(lines + [moved(train) { $0.replacing(text, with: other) }])
      #expect(straddling.contains { $0.hasPrefix("the group ") && $0.hasSuffix(" lies on both sides") })
      #expect(straddling.contains { $0.contains("the held-out side has") })
      let reference = try #require(
        String(decoding: try AtomicFile.read("\(folder)/test.txt"), as: UTF8.self).split(separator: "\n").first)
      let contaminated = try await check(lines + [train.replacing(text, with: "so it goes, \(reference), and on")])
      #expect(contaminated.contains { $0.contains("words in common with") })
      // A text of the training side that is gone leaves hash and count.
      #expect(try await check(lines.filter { $0 != train }).count >= 2)
      try AtomicFile.write("another\n", to: "\(folder)/test.txt")
      let changed = try await ProofCheck(of: "\(folder)/out/proof.json", threadCount: 1)
      #expect(changed.references.map(\.state) == [.changed])
    }
  }

  @Test("the command says what holds, and ends with 1 and the pair where something does not")
  func command() async throws {
    try await withTemporaryFolder { folder in
      let lines = (0..<60).map { "{\"text\":\"text number \($0 * 7919 % 1000) says \($0 * 104_729 % 997)\"}\n" }
      try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
      let alambic = AlambicCommand(in: folder)
      #expect(
        try await alambic("curate --input a.jsonl --output o --proof --near off --held-out 0.3 --quiet").status == 0)
      let good = try await alambic("corpus check --proof o/proof.json")
      #expect(good.status == 0 && good.standardOutput.hasSuffix("the split is as the proof says\n"), "\(good)")
      var text = String(decoding: try AtomicFile.read("\(folder)/o/documents.jsonl"), as: UTF8.self)
      let first = try #require(text.split(separator: "\n").first { $0.contains("held-out") })
      text += first.replacing("held-out", with: "train") + "\n"
      try AtomicFile.write(text, to: "\(folder)/o/documents.jsonl")
      let bad = try await alambic("corpus check --proof o/proof.json --json")
      #expect(bad.status == 1, "\(bad)")
      #expect((try bad.json()["faults"] as? [String])?.contains { $0.contains("lies on both sides: a.jsonl:") } == true)
      // Neither does what was said in capitals.
      let shouted = try #require(first.firstMatch(of: #/"text":"([^"]*)"/#)).1.uppercased()
      let (start, end) = ("{\"text\":\"\(shouted)!\",\"split\":\"train\",", "\"repeats\":1,\"origin\":\"b:1\"}\n")
      try AtomicFile.write(
        text.replacing(first.replacing("held-out", with: "train"), with: start + end), to: "\(folder)/o/documents.jsonl"
      )
      let loud = try await alambic("corpus check --proof o/proof.json --json")
      #expect(
        (try loud.json()["faults"] as? [String])?.contains { $0.contains("the same wording lies on both") } == true)
      #expect(try await alambic("corpus check --proof none.json").status == 65)
      #expect(try await alambic("corpus check").status == 64)
    }
  }
}
