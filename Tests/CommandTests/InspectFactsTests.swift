import Basics
import Foundation
import TestSupport
import Testing

/// `inspect --json`: values are what they are, and their keys are documented.
@Suite("alambic inspect --json")
struct InspectFactsTests {
  private static let page = {
    String(decoding: (try? AtomicFile.read("\(PackageRoot.path)/docs/formats/inspection.md")) ?? [], as: UTF8.self)
  }()

  /// Keys that end like this hold numbers.
  private static let numeric = ["Count", "Length", "Share", "Nats", "Version", "Shift", "Magnitude", "step", "scale"]

  /// No text that a person would read as a number, and no key that nobody wrote down.
  private static func check(_ values: [String: Any], _ place: String) {
    for (key, value) in values {
      #expect(page.contains("`\(key)`"), "\(place): \(key) stands nowhere in docs/formats/inspection.md")
      if numeric.contains(where: key.hasSuffix), !(value is NSNull), key != "alambicVersion" {
        #expect(value is NSNumber, "\(place): \(key) is \(value)")
      }
      if let text = value as? String, key != "seed", key != "text" {
        #expect(
          !(text.first?.isNumber ?? false) || key == "alambicVersion" || key == "sha256", "\(place): \(key), \(text)")
      }
    }
  }

  @Test("of each file that a corpus's pipeline leaves")
  func pipeline() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(steps: 4)
      #expect(try await project.make("--until export").ran.count == 5)
      let files = [
        "documents/tiny/documents.jsonl.zst", "documents/tiny/rejections.jsonl.zst", "shards/tiny/index.json",
        "runs/tiny/checkpoint", "images/tiny.atome",
      ]
      for name in files {
        let answer = try await project("inspect \(project.path(name)) --json").json()
        #expect(answer["schema"] as? String == "alambic.inspect/2")
        let bytes = try AtomicFile.read(project.path(name))
        #expect(answer["byteCount"] as? Int == bytes.count)
        Self.check(try #require(answer["facts"] as? [String: Any]), name)
        for section in try #require(answer["sections"] as? [[String: Any]]) {
          #expect(Self.page.contains("`\(try #require(section["title"] as? String))`"))
          for row in try #require(section["rows"] as? [[String: Any]]).prefix(3) { Self.check(row, name) }
        }
      }
      let image = try await project("inspect \(project.path("images/tiny.atome")) --json").json()
      let facts = try #require(image["facts"] as? [String: Any])
      #expect(facts["parameterCount"] as? Int == 60_800 && (facts["bodyByteCount"] as? Int ?? 0) > 17_000)
      // For a person as before.
      let text = try await project("inspect \(project.path("images/tiny.atome"))").standardOutput
      #expect(text.contains("60,800") && text.contains(" bytes\n"))
      // Receipts have dates that any reader of JSON takes.
      let ledger = try await project("ledger export").json()
      for receipt in try #require(ledger["receipts"] as? [[String: Any]]) {
        let date = try #require(receipt["startedAt"] as? String)
        #expect(date.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(date)")
        #expect(receipt["schema"] as? String == "alambic.receipt/2")
      }
      // The run's log names its kinds.
      let log = try AtomicFile.read(project.path("runs/tiny/checkpoint.progress.jsonl"))
      for line in String(decoding: log, as: UTF8.self).split(separator: "\n") {
        let kind = try CanonicalJSON.decode(JSONValue.self, from: Array(line.utf8))["kind"]?.text
        #expect(["evaluation", "curve"].contains(kind), "\(line)")
      }
    }
  }

  @Test("a report's contenders and their firmware", .needsEmulator)
  func report() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try project.writeRecipe(steps: 4)
      _ = try await project.make("--until verify")
      let answer = try await project("inspect \(project.path("reports/tiny/report.json")) --json").json()
      let facts = try #require(answer["facts"] as? [String: Any])
      Self.check(facts, "report.json")
      #expect(facts["promptCount"] as? Int == 2 && facts["generatedByteCount"] as? Int == 4)
      let sections = try #require(answer["sections"] as? [[String: Any]])
      let firmware = try #require(sections.first { $0["title"] as? String == "Firmware" }?["rows"] as? [[String: Any]])
      #expect(firmware.contains { ($0["flashByteCount"] as? Int ?? 0) > 17_000 }, "\(firmware)")
    }
  }
}
