import Basics
import Curation
import Foundation
import Intake
import Lineage
import Similarity
import TestSupport
import Testing

@Suite("Curation in parts")
struct CurationPartTests {
  /// Some blocks of texts with copies, exact and near, and lines of every kind that is refused or mended.
  private static func lines(_ count: Int, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    var texts: [String] = []
    var lines = ""
    for number in 0..<count {
      var words = (0..<80).map { _ in "w\(generator.below(5000))" }
      if number > 10, generator.below(2) == 0 {
        words = texts[generator.below(texts.count)].split(separator: " ").map(String.init)
        if generator.below(2) == 0 { words[generator.below(words.count)] = "changed" }
      }
      texts.append(words.joined(separator: " "))
      let text = number % 9 == 0 ? "the same three \(texts[number])" : texts[number]
      switch number % 97 {
      case 3: lines += "not JSON\n"
      case 5: lines += "{\"label\":\"a\"}\n\n"
      case 7: lines += "{\"text\":\"caf\\u00c3\\u00a9 \(text)\",\"label\":\"a\"}\n"
      case 11: lines += "{\"text\":\"mail me at someone@example.com \(number)\",\"label\":\"b\"}\n"
      case 13: lines += "{\"text\":\" \(text) \\r\\n\",\"label\":\"b\",\"split\":1}\r\n"
      default: lines += "{\"text\":\"\(text)\",\"label\":\"l\(number % 50)\"}\n"
      }
    }
    return lines
  }

  private static func settings(_ folder: String, _ output: String) throws -> FileCurationSettings {
    var settings = FileCurationSettings(
      paths: ["a.jsonl", "b.csv", "c.jsonl"].map { "\(folder)/\($0)" }, template: try TextTemplate("text"),
      output: "\(folder)/\(output)", curation: CurationSettings(characters: .keep, heldOutFraction: 0.2), threadCount: 2
    )
    settings.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.8)
    settings.curation.openingShare = 0.05
    settings.curation.filters.refusesPersonalData = true
    settings.splitKey = try SplitKey(option: "label")
    return settings
  }

  private static func write(_ folder: String) throws {
    try AtomicFile.write(lines(5500, seed: 1), to: "\(folder)/a.jsonl")
    try AtomicFile.write(
      "label,text\n" + (0..<300).map { "x,\"row \($0 % 200)\nof a table\"\n" }.joined(), to: "\(folder)/b.csv")
    try AtomicFile.write(lines(2000, seed: 1), to: "\(folder)/c.jsonl")
  }

  private static func bytes(_ folder: String) throws -> [[UInt8]] {
    try ["documents.jsonl", "rejections.jsonl", "report.json"].map { try AtomicFile.read("\(folder)/\($0)") }
  }

  /// The parts' blocks, and each file once.
  private func draft(
    _ count: Int, _ folder: String, _ settings: FileCurationSettings
  ) async throws -> (paths: [String], inputs: [DraftedInput]) {
    var (paths, inputs): ([String], [Int: DraftedInput]) = ([], [:])
    var recordCount = 0
    for number in 1...count {
      let place = "\(folder)/part-\(count)-\(number)"
      try AtomicFile.makeFolder(place)
      let drafted = try await FileCuration(settings).draft(try Part(number, of: count), in: place)
      recordCount += drafted.recordCount
      for input in drafted.inputs {
        #expect(inputs[input.file] == nil || inputs[input.file] == input)
        inputs[input.file] = input
      }
      paths.append("\(place)/\(PartFiles.blocks)")
    }
    #expect(recordCount == 7800)
    return (paths, inputs.values.sorted { $0.file < $1.file })
  }

  @Test("any number of parts leaves one machine's bytes")
  func equality() async throws {
    try await withTemporaryFolder { folder in
      try Self.write(folder)
      let whole = try await FileCuration(try Self.settings(folder, "whole")).run()
      #expect(whole.rejected.count >= 6 && whole.nearSetCount > 100 && !whole.repaired.isEmpty, "\(whole)")
      // Three parts have a file each; of sixteen every one reads all files, and some have no block.
      for count in [1, 2, 3, 16] {
        let settings = try Self.settings(folder, "merged-\(count)")
        let (paths, inputs) = try await draft(count, folder, settings)
        #expect(inputs.map(\.file) == [0, 1, 2] && inputs[0].blockCount > 1)
        #expect(inputs[0].id == (try ContentID(ofFile: "\(folder)/a.jsonl")))
        let readers = try paths.map { try DraftFileReader($0, near: settings.curation.nearDuplicates) }
        let merged = try await FileCuration(settings).merge(readers, inputs)
        #expect(merged == whole)
        #expect(try Self.bytes("\(folder)/merged-\(count)") == Self.bytes("\(folder)/whole"))
      }
    }
  }

  @Test("a cut or changed file of blocks is an error or another result, never a crash")
  func damage() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(Self.lines(60, seed: 2), to: "\(folder)/a.jsonl")
      var settings = try Self.settings(folder, "out")
      settings.paths = ["\(folder)/a.jsonl"]
      let inputs = try await FileCuration(settings).draft(try Part(1, of: 1), in: folder).inputs
      let blocks = "\(folder)/\(PartFiles.blocks)"
      let bytes = try AtomicFile.read(blocks)
      let run = { [settings] (content: [UInt8]) async throws in
        try AtomicFile.write(content, to: blocks)
        let reader = try DraftFileReader(blocks, near: settings.curation.nearDuplicates)
        _ = try await FileCuration(settings).merge([reader], inputs)
      }
      for count in stride(from: 0, to: bytes.count, by: 97) {
        await #expect(throws: HintedError.self, "\(count) bytes") { try await run(Array(bytes[..<count])) }
      }
      await #expect(throws: HintedError.self) { try await run(bytes + [0]) }
      var generator = SeededGenerator(seed: 3)
      for _ in 0..<400 {
        var changed = bytes
        changed[generator.below(changed.count)] ^= UInt8(1 << generator.below(8))
        do { try await run(changed) } catch is HintedError {}
      }
    }
  }

  @Test("standard input cannot be dealt")
  func standardInput() async throws {
    try await withTemporaryFolder { folder in
      var settings = try Self.settings(folder, "out")
      settings.paths = ["-"]
      let curation = try FileCuration(settings)
      let part = try Part(1, of: 2)
      let error = await #expect(throws: HintedError.self) { _ = try await curation.draft(part, in: folder) }
      #expect(error?.status == .usage)
    }
  }
}
