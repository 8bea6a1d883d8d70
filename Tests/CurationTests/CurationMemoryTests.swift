import Basics
import Curation
import Foundation
import Intake
import Similarity
import TestSupport
import Testing

@Suite("Curation in little memory")
struct CurationMemoryTests {
  /// Texts with few openings, of which many are nearly the same, in groups that overlap.
  private static func write(to folder: String) throws {
    var generator = SeededGenerator(seed: 5)
    let words = (0..<400).map { "w\($0 * 7919 % 1000)x" }
    var texts: [[String]] = []
    for number in 0..<900 {
      let opening = ["once", "upon", words[generator.below(1 + generator.below(200))]]
      var text = opening + (0..<20).map { _ in words[generator.below(400)] }
      if number > 20, generator.below(3) == 0 {
        text = texts[generator.below(texts.count)]
        text[5 + generator.below(15)] = "other"
      }
      texts.append(text)
    }
    let lines = texts.enumerated().map {
      "{\"text\":\"\($1.joined(separator: " "))\",\"label\":\"l\($0 % 300)\"}\n"
    }
    try AtomicFile.write(lines.joined(), to: "\(folder)/a.jsonl")
  }

  private static func settings(_ folder: String, output: String, memory: Int) throws -> FileCurationSettings {
    var settings = FileCurationSettings(
      paths: ["\(folder)/a.jsonl"], template: try TextTemplate("text"), output: "\(folder)/\(output)",
      curation: CurationSettings(characters: .keep, heldOutFraction: 0.3), threadCount: 2)
    settings.curation.nearDuplicates = try NearDuplicateSettings(threshold: 0.8)
    settings.curation.openingShare = 0.02
    settings.memoryByteCount = memory
    return settings
  }

  @Test("the files are the same, whether or not what is remembered has room in memory", arguments: [false, true])
  func sameBytes(keepsNear: Bool) async throws {
    try await withTemporaryFolder { folder in
      try Self.write(to: folder)
      var files: [[[UInt8]]] = []
      for (output, memory) in [("none", 0), ("some", 1 << 16), ("all", 1 << 30)] {
        var settings = try Self.settings(folder, output: output, memory: memory)
        settings.curation.keepsNearDuplicates = keepsNear
        settings.splitKey = try SplitKey(option: "label")
        let report = try await FileCuration(settings).run()
        // The share holds of what stays.
        let refused = report.rejected["common-opening"] ?? 0
        #expect(refused > 20 && report.nearSetCount > 50 && report.heldOutCount > 10)
        files.append(
          try ["documents.jsonl", "rejections.jsonl", "report.json"].map {
            try AtomicFile.read("\(folder)/\(output)/\($0)")
          })
      }
      #expect(files[0] == files[2] && files[1] == files[2])
    }
  }

  @Test("a search for parts in common that has no room says how much text has")
  func sharedParts() async throws {
    try await withTemporaryFolder { folder in
      try Self.write(to: folder)
      var settings = try Self.settings(folder, output: "out", memory: 1 << 19)
      (settings.curation.nearDuplicates, settings.curation.openingShare) = (nil, nil)
      settings.curation.sharedPart = 60
      let error = await #expect(throws: HintedError.self) { try await FileCuration(settings).run() }
      #expect(error?.message.contains("of text to look for parts in common in") == true, "\(String(describing: error))")
      #expect(error?.hint?.contains("allow more") == true)
      settings.memoryByteCount = 1 << 30
      #expect(try await FileCuration(settings).run().rejected["shared-part"] ?? 0 > 0)
    }
  }
}
