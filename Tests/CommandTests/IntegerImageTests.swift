import Basics
import Formats
import Foundation
import Networks
import TestSupport
import Testing

@Suite("Integer images, from export to proof")
struct IntegerImageTests {
  /// What `export --format integer --json` prints, of which these tests read a part.
  private struct ExportAnswer: Decodable {
    var image: ContentID
    var floatBitsPerByte: Double
    var integerBitsPerByte: Double
    var cost: Double { integerBitsPerByte - floatBitsPerByte }
  }

  private static func export(
    _ source: [String], cache: CacheWidth, text: String, out: String, in folder: String
  ) async throws -> ExportAnswer {
    let outcome = try await AlambicCommand(in: folder).run(
      ["export"] + source + [
        "--format", "integer", "--cache", "\(cache)", "--calibrate", text, "--out", out, "--json", "--quiet",
      ])
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(ExportAnswer.self, from: Data(outcome.standardOutput.utf8))
  }

  @Test(
    "the published 944 K model costs at most 0.01 bits per byte with int16 caches, 0.03 with int8", .needsSharedData)
  func quality() async throws {
    try await withTemporaryFolder { folder in
      let stories = try AtomicFile.read(try #require(SharedData.path("tinystories/valid.txt")))
      try AtomicFile.write(Array(stories.prefix(6000)), to: "\(folder)/text.txt")
      let source = try PublishedImage.large.arguments
      let wide = try await Self.export(source, cache: .int16, text: "text.txt", out: "w.atome", in: folder)
      let narrow = try await Self.export(source, cache: .int8, text: "text.txt", out: "n.atome", in: folder)
      #expect(wide.cost <= 0.01 && narrow.cost <= 0.03)
      let measured = try await AlambicCommand(in: folder)("evaluate w.atome --data text.txt --json").json()
      #expect(abs(try #require(measured["bitsPerByte"] as? Double) - wide.integerBitsPerByte) < 1e-9)
    }
  }

  @Test("computes the same integers everywhere", .needsEmulator)
  func verified() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 1, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/float.atome")
      try AtomicFile.write((0...255).map { UInt8($0) }, to: "\(folder)/text.bin")
      _ = try await Self.export(["float.atome"], cache: .int8, text: "text.bin", out: "integer.atome", in: folder)
      let alambic = AlambicCommand(in: folder)
      let outcome = try await alambic("verify integer.atome --core cortex-m0 --prompts 3 --bytes 4 --json --quiet")
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      let report = try JSONDecoder().decode(VerificationReport.self, from: Data(outcome.standardOutput.utf8))
      #expect(report.verdict == .equal && report.differingLogitCount == 0)
      #expect(report.image.provenance == ContentID(of: image))
      let talk = "talk integer.atome --prompt hello --bytes 6 --json --logits --engine"
      let answers = try await ["swift", "c", "qemu"].asyncMap { try await alambic("\(talk) \($0)").json() }
      for key in ["output", "logitBits", "logits"] {
        let texts = answers.map { "\($0[key] ?? "missing")" }
        #expect(Set(texts).count == 1 && texts[0] != "missing", "\(key)")
      }
      let inspected = try await alambic("inspect integer.atome --json").json()
      #expect(inspected["format"] as? String == "ATOMEQ01 image")
    }
  }

  @Test("a compact student becomes integers without being asked, by text that it writes itself")
  func byItsOwnText() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      let text = String(repeating: "the cat sat on the mat. a dog ran to the cat.\n\n", count: 100)
      try AtomicFile.write(text, to: "\(folder)/text.txt")
      let trained = try await alambic(
        "train --data text.txt --preset atome-6kb --vocabulary learned --steps 300 --window 32 --out c --quiet")
      #expect(trained.status == 0, "\(trained)")

      func exported(_ rest: String) async throws -> ExportAnswer {
        let outcome = try await alambic("export c \(rest) --json")
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(ExportAnswer.self, from: Data(outcome.standardOutput.utf8))
      }
      let own = try await exported("--out own.atome")
      #expect(try await exported("--format integer --out again.atome").image == own.image)
      let given = try await exported("--calibrate text.txt --out given.atome")
      #expect(given.image != own.image)
      // What was chosen by its own text serves the text that it was trained on as well.
      let answers = try await ["own", "given"].asyncMap {
        try await alambic("evaluate \($0).atome --data text.txt --json").json()["bitsPerByte"] as? Double ?? .nan
      }
      #expect(answers[0] < answers[1] + 0.02, "\(answers)")
      let said = try await alambic("export c --out own.atome").standardError
      #expect(said.contains("16.0 KiB that the student writes itself"), "\(said)")
    }
  }

  @Test("refuses what makes no integer image")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let model = RandomModel.makeInteger(seed: 1, shape: RandomModel.small, cache: .int8)
      try AtomicFile.write(IntegerImageFile.write(model, provenance: nil), to: "\(folder)/integer.atome")
      let alambic = AlambicCommand(in: folder)
      try AtomicFile.write("some text", to: "\(folder)/text.txt")
      expect(
        try await alambic("export integer.atome --format integer --calibrate text.txt --out x.atome --quiet"),
        is: .refusal(
          64, "integer.atome is an integer image already", hint: "give the checkpoint or the float image"))
      for already in ["--format integer", "--cache int8", "--calibrate text.txt"] {
        expect(
          try await alambic("export integer.atome \(already) --out x.atome --quiet"),
          is: .refusal(
            64, "integer.atome is an integer image already", hint: "give the checkpoint or the float image"))
      }
      let foreign = try await alambic("export integer.atome --format atome02 --cache int8 --out x.atome")
      #expect(foreign.status == 64 && foreign.standardError.contains("--format integer"), "\(foreign)")
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
