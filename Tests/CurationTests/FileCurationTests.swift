import Basics
import Curation
import Foundation
import Intake
import Similarity
import TestSupport
import Testing

@Suite("Curation of files")
struct FileCurationTests {
  private struct Output {
    var report: FileCurationReport
    var documents: [[String: Any]]
    var rejections: [[String: Any]]
    var bytes: [[UInt8]]
  }

  private func curate(
    _ files: [(name: String, content: String)], in folder: String, threads: Int = 2,
    _ change: (inout FileCurationSettings) throws -> Void = { _ in }
  ) async throws -> Output {
    for file in files { try AtomicFile.write(file.content, to: "\(folder)/\(file.name)") }
    var settings = FileCurationSettings(
      paths: files.map { "\(folder)/\($0.name)" }, template: try TextTemplate("text"), output: "\(folder)/out",
      curation: CurationSettings(characters: .keep, heldOutFraction: 0.2), threadCount: threads)
    try change(&settings)
    let report = try await FileCuration(settings).run()
    let bytes = try ["documents", "rejections"].map { try AtomicFile.read("\(folder)/out/\($0).jsonl") }
    let rows = try bytes.map { bytes in
      try bytes.split(separator: 0x0A).map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      }
    }
    return Output(report: report, documents: rows[0], rejections: rows[1], bytes: bytes)
  }

  private func lines(_ texts: [String]) throws -> String {
    try texts.map { String(decoding: try JSONEncoder().encode(["text": $0]), as: UTF8.self) + "\n" }.joined()
  }

  @Test("texts of one wording lie on one side where near duplicates are not looked for")
  func wordings() async throws {
    try await withTemporaryFolder { folder in
      let texts = (0..<60).flatMap { ["say \($0)", "Say, \($0)!", "SAY \($0)"] }
      let output = try await curate([("a.jsonl", try lines(texts))], in: folder)
      #expect(output.report.keptCount == 180 && (output.report.heldOutCount).isMultiple(of: 3))
      let sides = Dictionary(grouping: output.documents) { ($0["text"] as? String)?.filter(\.isNumber) ?? "" }
        .mapValues { Set($0.compactMap { $0["split"] as? String }) }
      #expect(sides.count == 60 && sides.values.allSatisfy { $0.count == 1 } && Set(sides.values).count == 2)
    }
  }

  @Test("every record is kept or refused with a reason, and the counts add up")
  func counts() async throws {
    try await withTemporaryFolder { folder in
      let texts = ["one text", "one text", "x\u{0}y", "", " one text \r\n", "naïve", "too long for this one"]
      let output = try await curate(
        [("a.jsonl", try lines(texts) + "{\n"), ("b.jsonl", "{\"text\":\"one text\"}")], in: folder
      ) {
        $0.curation.byteCounts = 1...10
      }
      #expect(output.report.recordCount == 9 && output.report.keptCount == 2)
      #expect(
        output.report.rejected
          == ["duplicate": 3, "control-character": 1, "empty": 1, "too-long": 1, "malformed": 1])
      #expect(output.documents.map { $0["repeats"] as? Int } == [4, 1])
      #expect(output.documents.map { $0["origin"] as? String } == ["\(folder)/a.jsonl:1", "\(folder)/a.jsonl:6"])
      let last = try #require(output.rejections.last)
      #expect(last["of"] as? String == "\(folder)/a.jsonl:1" && last["origin"] as? String == "\(folder)/b.jsonl:1")
    }
  }

  @Test("a near duplicate names what stayed, how alike they are and what differs; the one said most often stays")
  func nearDuplicates() async throws {
    try await withTemporaryFolder { folder in
      let story = "the cat went down to the river to look for a fish, and then it went home again"
      let copy = story.replacing("fish", with: "frog")
      let output = try await curate(
        [("a.jsonl", try lines([story, copy, "something else entirely", copy]))], in: folder
      ) {
        $0.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.7)
      }
      #expect(output.documents.map { $0["text"] as? String } == [copy, "something else entirely"])
      #expect(output.documents.map { $0["repeats"] as? Int } == [3, 1])
      let near = try #require(output.rejections.first { $0["reason"] as? String == "near-duplicate" })
      #expect(
        near["of"] as? String == "\(folder)/a.jsonl:2" && near["detail"] as? String == "\"fish,\" instead of \"frog,\"")
      var meter = JaccardMeter()
      #expect(abs((near["similarity"] as? Double ?? 0) - meter.similarity(story, copy)) < 1e-4)
    }
  }

  /// Copies of copies, of which many sets are made; most of a set would be held out or not by themselves.
  @Test("no set of near duplicates lies on both sides of the split, where they are kept")
  func split() async throws {
    try await withTemporaryFolder { folder in
      var generator = SeededGenerator(seed: 5)
      let words = (0..<400).map { "w\($0 * 7919 % 1000)x" }
      func text() -> [String] { (0..<30).map { _ in words[generator.below(words.count)] } }
      var texts = (0..<150).map { _ in text() }
      for _ in 0..<450 {
        var copy = texts[generator.below(texts.count)]
        copy[generator.below(copy.count)] = words[generator.below(words.count)]
        texts.append(copy)
      }
      let output = try await curate([("a.jsonl", try lines(texts.map { $0.joined(separator: " ") }))], in: folder) {
        $0.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.6)
        $0.curation.keepsNearDuplicates = true
      }
      #expect(output.report.keptCount > 500 && output.report.heldOutCount > 50 && output.report.nearSetCount > 50)
      let train = output.documents.filter { $0["split"] as? String == "train" }.compactMap { $0["text"] as? String }
      let heldOut = output.documents.filter { $0["split"] as? String == "held-out" }.compactMap {
        $0["text"] as? String
      }
      var meter = JaccardMeter()
      for text in heldOut { #expect(train.allSatisfy { meter.similarity(text, $0) < 0.6 }) }
    }
  }

  @Test("files hold the same bytes for any count of threads, and the same texts in any order of the files")
  func order() async throws {
    try await withTemporaryFolder { folder in
      var generator = SeededGenerator(seed: 6)
      let words = (0..<300).map { "word\($0)" }
      var texts = (0..<300).map { _ in (0..<25).map { _ in words[generator.below(300)] }.joined(separator: " ") }
      texts += texts.map { $0.replacing("word1", with: "ward1") }
      texts += texts[..<100]
      let files = [("a.jsonl", try lines(Array(texts[..<350]))), ("b.jsonl", try lines(Array(texts[350...])))]
      func run(_ files: [(String, String)], threads: Int) async throws -> Output {
        try await curate(files, in: folder, threads: threads) {
          $0.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.7)
        }
      }
      let one = try await run(files, threads: 1)
      #expect(try await run(files, threads: 7).bytes == one.bytes)
      let other = try await run(files.reversed(), threads: 2)
      func kept(_ output: Output) -> Set<String> {
        Set(output.documents.map { "\($0["text"] ?? "") \($0["split"] ?? "") \($0["repeats"] ?? "")" })
      }
      #expect(kept(other) == kept(one) && one.report.nearSetCount > 100)
    }
  }

  /// Both ways through normalisation, on texts of the characters that it is about.
  @Test("bytes are normalised as texts are")
  func normalisation() async throws {
    try await withTemporaryFolder { folder in
      var generator = SeededGenerator(seed: 7)
      let alphabet = Array(" \t\n\rab") + ["\r\n"]
      func piece(_ limit: Int) -> String {
        String((0..<generator.below(limit)).map { _ in alphabet[generator.below(alphabet.count)] })
      }
      let texts = (0..<3000).map { number in piece(6) + "\(number)" + piece(28) }
      let output = try await curate([("a.jsonl", try lines(texts))], in: folder)
      let normalizer = TextNormalizer(policy: .keep)
      #expect(output.documents.map { $0["text"] as? String } == texts.map(normalizer.normalized))
    }
  }

  @Test(
    "characters that were broken on the way are mended",
    arguments: [
      ("cafÃ© itâ€™s 5Â°", "café it’s 5°"),
      ("smart \u{93}quotes\u{94}", "smart “quotes”"), ("ðŸ˜€", "😀"),
      ("LIBERTÉ» â la carte", "LIBERTÉ» â la carte"), ("São João Ção", "São João Ção"),
    ])
  func repairs(text: String, expected: String) async throws {
    try await withTemporaryFolder { folder in
      let output = try await curate([("a.jsonl", try lines([text]))], in: folder)
      #expect(output.documents.map { $0["text"] as? String } == [expected])
      #expect(output.report.repaired.isEmpty == (text == expected))
    }
  }

  @Test("tuning finds all copies at a low threshold, fewer at a high one, and says which texts are joined")
  func tuning() async throws {
    var generator = SeededGenerator(seed: 8)
    let words = (0..<2000).map { _ in
      String((0..<2 + generator.below(7)).map { _ in Character(Unicode.Scalar(97 + UInt8(generator.below(26)))) })
    }
    let texts = (0..<200).map { _ in (0..<60).map { _ in words[generator.below(2000)] }.joined(separator: " ") }
    let twin = texts[0].replacing(" a", with: " e")
    let report = try await NearDuplicateTuning(texts + [twin], threadCount: 2).report()
    #expect(report.rows.map(\.threshold) == NearDuplicateTuning.thresholds)
    #expect(report.rows[0].found.values.allSatisfy { $0 == 1 } && report.rows[0].ownTextCount == 2)
    #expect(report.rows[0].example.sorted() == [texts[0], twin].sorted())
    let found = report.rows.map { $0.found["5 % of the words"] ?? 0 }
    #expect(found == found.sorted(by: >) && (found.last ?? 1) < 0.9)
    #expect(report.rows.allSatisfy { $0.found["case and punctuation"] == 1 })
    let best = try #require(report.threshold)
    #expect(report.rows.allSatisfy { $0.threshold <= best || $0.found.values.contains { $0 < 0.985 } })
    #expect(throws: HintedError.self) { try NearDuplicateTuning(["a"], threadCount: 1) }
  }

  @Test("a folder that cannot be written, and a missing file, leave nothing under a final name")
  func failures() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("{\"text\":\"a\"}\n", to: "\(folder)/a.jsonl")
      await #expect(throws: HintedError.self) {
        var settings = FileCurationSettings(
          paths: ["\(folder)/a.jsonl", "\(folder)/missing.jsonl"], template: try TextTemplate("text"),
          output: "\(folder)/out", curation: CurationSettings(), threadCount: 2)
        settings.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.7)
        _ = try await FileCuration(settings).run()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out").isEmpty)
    }
  }
}
