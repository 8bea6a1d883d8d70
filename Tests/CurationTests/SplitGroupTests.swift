import Basics
import Curation
import Foundation
import Intake
import Lineage
import Similarity
import TestSupport
import Testing

@Suite("What the split goes by")
struct SplitGroupTests {
  private let half = DocumentSplitter(heldOutFraction: 0.5, seed: 7)

  /// Computed by a program of another language from docs/formats/documents.md.
  @Test("known answers pin the split, and every one of the eight bytes that it goes by counts")
  func knownAnswers() {
    let sides = (0..<24).map { half.split(of: "Document: \($0)!") == .heldOut ? "h" : "t" }
    #expect(sides.joined() == "tthtthhhhttththhtthhhtth")
    // From the last of the eight bytes to the first, the least value that moves a document of zeros.
    #expect(half.split(of: 0) == .train)
    for (byte, value) in [1, 1, 2, 2, 1, 4, 1, 3].enumerated() {
      for other in 1...value {
        let side = half.split(of: UInt64(other) << UInt64(8 * byte))
        #expect(side == (other == value ? .heldOut : .train), "byte \(byte), value \(other)")
      }
    }
  }

  @Test("documents of one group lie on one side, and those of none where they lay")
  func groups() async throws {
    var curator = try Curator(settings: CurationSettings(heldOutFraction: 0.3, seed: 3))
    let curation = curator.curate((0..<300).map { sample("It is \($0) degrees.", index: $0) })
    let plain = Dictionary(uniqueKeysWithValues: curation.documents.map { ($0.id, $0.split) })
    func group(_ document: Document) -> String? {
      let number = Int(document.text.filter(\.isNumber)) ?? 0
      return number < 200 ? "\(number % 40)" : nil
    }
    let split = try await curation.splitting(as: curator.settings, threadCount: 2, by: group)
    let sides = Dictionary(grouping: split.documents.filter { group($0) != nil }) { group($0) ?? "" }
      .mapValues { Set($0.map(\.split)) }
    #expect(sides.count == 40 && sides.values.allSatisfy { $0.count == 1 } && Set(sides.values).count == 2)
    #expect(split.documents.allSatisfy { group($0) != nil || $0.split == plain[$0.id] })
  }

  @Test("groups and near duplicates that stay hang together")
  func groupsAndNear() async throws {
    let texts = [
      "the cat went down to the river to look for a fish", "the cat went down to the river to look for a frog",
      "nobody knows what this long sentence is about at all", "nobody knows what this long sentence is about, at least",
    ]
    for seed in 0..<40 {
      var settings = CurationSettings(heldOutFraction: 0.5, seed: UInt64(seed))
      (settings.nearDuplicates, settings.keepsNearDuplicates) = (try NearDuplicateSettings(threshold: 0.6), true)
      var curator = try Curator(settings: settings)
      let curation = curator.curate(texts.enumerated().map { sample($1, index: $0) })
      // The middle two are of one group: all four hang together.
      let split = try await curation.splitting(as: settings, threadCount: 1) { document in
        [texts[1], texts[2]].contains(document.text) ? "both" : nil
      }
      #expect(Set(split.documents.map(\.split)).count == 1, "seed \(seed)")
    }
  }

  /// Many sets and groups that overlap.
  @Test(
    "no two members of a group or of a set of near duplicates lie on both sides, in any order of the files",
    arguments: ["label", "first-line"])
  func files(key: String) async throws {
    var generator = SeededGenerator(seed: 9)
    let words = (0..<500).map { "w\($0 * 7919 % 1000)x" }
    var rows: [[String: String]] = []
    for number in 0..<400 {
      var text = (0..<25).map { _ in words[generator.below(words.count)] }
      if number > 20, generator.below(3) == 0 {
        text =
          (rows[generator.below(rows.count)]["text"] ?? "").split(separator: "\n").last.map {
            $0.split(separator: " ").map(String.init)
          } ?? text
        text[generator.below(text.count)] = "other"
      }
      rows.append([
        "text": "> \(generator.below(120))\n" + text.joined(separator: " "), "label": "l\(generator.below(150))",
      ])
    }
    let first = try await curated(rows, key)
    #expect(Set(first.map(\.side)).count == 2)
    for group in Dictionary(
      grouping: first, by: { key == "label" ? $0.label : $0.text.prefix { $0 != "\n" }.description }
    )
    .values { #expect(Set(group.map(\.side)).count == 1) }
    var meter = JaccardMeter()
    let heldOut = first.filter { $0.side == "held-out" }
    for text in first where text.side == "train" {
      #expect(heldOut.allSatisfy { meter.similarity(text.text, $0.text) < 0.7 })
    }
    let other = try await curated(rows.reversed(), key)
    #expect(Set(other.map { "\($0.side) \($0.text)" }) == Set(first.map { "\($0.side) \($0.text)" }))
  }

  private typealias Row = (text: String, side: String, label: String)

  private func curated(_ rows: [[String: String]], _ key: String) async throws -> [Row] {
    try await withTemporaryFolder { folder in
      let lines = try rows.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }
      try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
      var settings = FileCurationSettings(
        paths: ["\(folder)/a.jsonl"], template: try TextTemplate("text"), output: "\(folder)/out",
        curation: CurationSettings(characters: .keep, heldOutFraction: 0.3), threadCount: 3)
      settings.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.7, searchedFrom: 0.6)
      settings.curation.keepsNearDuplicates = true
      settings.splitKey = try SplitKey(option: key)
      _ = try await FileCuration(settings).run()
      return try AtomicFile.read("\(folder)/out/documents.jsonl").split(separator: 0x0A).map { line in
        let row = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        #expect((row["splitGroup"] as? String)?.count == 16)
        return (row["text"] as? String ?? "", row["split"] as? String ?? "", row["label"] as? String ?? "")
      }
    }
  }

  @Test("a record without the field that the split goes by is refused, and a column that is not there is an error")
  func missing() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(
        "{\"text\":\"one\",\"label\":\"a\"}\n{\"text\":\"two\"}\n{\"text\":\"three\",\"label\":null}\n",
        to: "\(folder)/a.jsonl")
      try AtomicFile.write("text,label\none,a\n", to: "\(folder)/a.csv")
      func settings(_ name: String, _ key: String) throws -> FileCurationSettings {
        var settings = FileCurationSettings(
          paths: ["\(folder)/\(name)"], template: try TextTemplate("text"), output: "\(folder)/out",
          curation: CurationSettings(), threadCount: 1)
        settings.splitKey = try SplitKey(option: key)
        return settings
      }
      let report = try await FileCuration(settings("a.jsonl", "label")).run()
      #expect(report.keptCount == 1 && report.rejected == ["missing-field": 2])
      await #expect(throws: HintedError.self) { try await FileCuration(settings("a.csv", "topic")).run() }
      #expect(try await FileCuration(settings("a.csv", "{label}/{text}")).run().keptCount == 1)
    }
  }
}
