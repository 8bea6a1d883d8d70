import Basics
import Curation
import Foundation
import Intake
import Lineage
import TestSupport
import Testing

@Suite("Scripts, openings and shared parts")
struct CorpusFilterTests {
  private func curate(
    _ texts: [String], _ change: (inout FileCurationSettings) -> Void
  ) async throws -> (report: FileCurationReport, kept: [String], rejections: [[String: Any]]) {
    try await withTemporaryFolder { folder in
      let lines = try texts.map { String(decoding: try JSONEncoder().encode(["text": $0]), as: UTF8.self) + "\n" }
      try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
      var settings = FileCurationSettings(
        paths: ["\(folder)/a.jsonl"], template: try TextTemplate("text"), output: "\(folder)/out",
        curation: CurationSettings(characters: .keep), threadCount: 2)
      change(&settings)
      let report = try await FileCuration(settings).run()
      // All that was read is decided on, once.
      #expect(report.keptCount + report.rejected.values.reduce(0, +) == texts.count)
      func rows(_ name: String) throws -> [[String: Any]] {
        try AtomicFile.read("\(folder)/out/\(name).jsonl").split(separator: 0x0A).map { line in
          try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
      }
      let rejections = try rows("rejections")
      #expect(rejections.count == report.rejected.values.reduce(0, +))
      return (report, try rows("documents").compactMap { $0["text"] as? String }, rejections)
    }
  }

  @Test("texts of another script are refused, quoted words of it are not")
  func scripts() async throws {
    let texts = [
      "She said hello to everyone in the room and sat down. Он", "Он сказал привет всем в комнате", "42, 17!",
      "naïve café façade",
      "他说 hello", "Ελληνικά και English words here",
    ]
    let latin = try await curate(texts) { $0.curation.filters.scripts = [.latin] }
    #expect(latin.kept == [texts[0], texts[2], texts[3]] && latin.report.rejected == ["script": 3])
    #expect((latin.rejections[0]["detail"] as? String)?.contains("(cyrillic)") == true)
    let several = try await curate(texts) { $0.curation.filters.scripts = [.latin, .cyrillic, .han, .greek] }
    #expect(several.kept == texts)
  }

  @Test("an opening keeps no larger a share than it may, whatever the order; the limit is the largest that does")
  func openings() async throws {
    // Bytes beyond ASCII are read in another way, to the same words.
    let common = (0..<60).map { ($0 % 2 == 0 ? "“" : "") + "Once upon A time there were \($0) frogs" }
    let others = (0..<40).map { "Text \($0) begins in its own way" }
    for texts in [common + others, (others + common).reversed()] {
      let result = try await curate(texts) { $0.curation.openingShare = 0.2 }
      let kept = result.kept.filter { $0.contains("Once") }
      // 10 of 50; 11 of 51 would be more.
      #expect(kept.count == 10 && result.kept.count == 50)
      #expect(result.report.rejected == ["common-opening": 50])
      #expect((result.rejections[0]["detail"] as? String)?.contains("'Once upon A'") == true)
      #expect(result.report.commonOpening == "Once upon A" && (result.report.commonOpeningShare ?? 0) >= 0.59)
    }
    let first = try await curate(common + others) { $0.curation.openingShare = 0.2 }
    let second = try await curate((common + others).reversed()) { $0.curation.openingShare = 0.2 }
    #expect(Set(first.kept) == Set(second.kept))
    #expect(try await curate(others) { $0.curation.openingShare = 0.2 }.kept.count == 40)
    // Too few openings for such a share: one of each stays.
    #expect(try await curate(common) { $0.curation.openingShare = 0.2 }.kept.count == 1)
  }

  @Test("no two kept texts share so many bytes, and each refused one shares them with the kept one that it names")
  func sharedParts() async throws {
    var generator = SeededGenerator(seed: 4)
    let words = (0..<60).map { "w\($0)" }
    func text() -> String { (0..<30).map { _ in words[generator.below(60)] }.joined(separator: " ") }
    var texts = (0..<60).map { _ in text() }
    for number in 0..<60 {
      let other = texts[generator.below(texts.count)]
      let start = generator.below(40)
      texts.append("n\(number) " + text().prefix(30) + String(other.dropFirst(start).prefix(20 + generator.below(30))))
    }
    let result = try await curate(texts) { $0.curation.sharedPart = 40 }
    let kept = Set(result.kept)
    #expect(result.report.rejected["shared-part"] ?? 0 > 10 && kept.count > 40)
    func share(_ first: String, _ second: String) -> Bool {
      let (a, b) = (Array(first.utf8), Array(second.utf8))
      guard a.count >= 40 else { return false }
      return (0...a.count - 40).contains { start in
        String(decoding: b, as: UTF8.self).contains(String(decoding: a[start..<start + 40], as: UTF8.self))
      }
    }
    for text in kept { #expect(kept.allSatisfy { $0 == text || !share($0, text) }) }
    for rejection in result.rejections where rejection["reason"] as? String == "shared-part" {
      let line = try #require((rejection["of"] as? String)?.split(separator: ":").last.flatMap { Int($0) })
      let other = texts[line - 1]
      #expect(kept.contains(other) && share(other, rejection["text"] as? String ?? ""))
    }
    #expect(Set(try await curate(texts.reversed()) { $0.curation.sharedPart = 40 }.kept) == kept)
  }

  @Test("presets say several things at once, and what is said beside them counts instead")
  func presets() async throws {
    try await withTemporaryFolder { folder in
      let lines = [
        "short", String(repeating: "a", count: 60), "Sure! Here are five examples of what you asked me for, today",
      ]
      try AtomicFile.write(lines.joined(separator: "\n"), to: "\(folder)/a.txt")
      let alambic = AlambicCommand(in: folder)
      func rejected(_ options: String, status: Int32 = 0) async throws -> [String: Int] {
        let outcome = try await alambic("curate --input a.txt --separator line --output o --json \(options)")
        #expect(outcome.status == status, "\(outcome)")
        return try outcome.json()["rejected"] as? [String: Int] ?? [:]
      }
      #expect(try await rejected("") == [:])
      #expect(try await rejected("--preset dialogue") == ["too-short": 1, "chatter": 1])
      #expect(try await rejected("--preset dialogue --min-bytes 1 --refuse personal-data") == [:])
      #expect(try await rejected("--preset stories", status: 65) == ["too-short": 3])
    }
  }
}
