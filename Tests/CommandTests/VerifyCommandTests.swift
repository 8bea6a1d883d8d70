import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing

@Suite("alambic verify")
struct VerifyCommandTests {
  @Test("a published blob computes the same bits everywhere", .needsEmulator)
  func published() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder).run(
        ["verify"] + PublishedImage.small.arguments + [
          "--core", "cortex-m3", "--prompts", "3", "--bytes", "4", "--json", "--quiet", "--out", "report",
        ], environment: ["MAKEFLAGS": "s"])
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      let report = try JSONDecoder().decode(VerificationReport.self, from: Data(outcome.standardOutput.utf8))
      #expect(report.verdict == .equal && report.differingLogitCount == 0)
      #expect(report.vectors.promptCount == 3 && report.vectors.generatedByteCount == 4)
      #expect(report.vectors.sampledPromptCount == 1 && report.vectors.sampling?.topK == 40)
      // In this process, each host compiler at three levels, and the core.
      #expect(report.contenders.count >= 1 + 3 + 1)
      #expect(report.contenders.allSatisfy { $0.comparedLogitCount == report.vectors.logitCount })
      // Also below `make -s`, whose flags a make within would take over.
      let compiled = report.contenders.filter { $0.name.contains(" -O") }
      #expect(compiled.count >= 4 && compiled.allSatisfy { $0.flags.contains("-ffp-contract=off") })
      #expect(report.contenders.last?.firmware?.flashByteCount ?? 0 > 20_575)
      #expect(
        String(decoding: try AtomicFile.read("\(folder)/report/report.json"), as: UTF8.self)
          .trimmingCharacters(in: .newlines) == outcome.standardOutput.trimmingCharacters(in: .newlines))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/report/report.html"))
    }
  }

  @Test("RISC-V's cores are proven together, in both builds", .needsRISCV)
  func riscV() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 1, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/ours.atome")
      let outcome = try await AlambicCommand(in: folder)(
        "verify ours.atome --core riscv --prompts 1 --bytes 1 --json --quiet")
      let report = try JSONDecoder().decode(VerificationReport.self, from: Data(outcome.standardOutput.utf8))
      #expect(outcome.status == 0 && report.verdict == .equal, "\(outcome)")
      #expect(
        report.contenders.filter { $0.firmware != nil }.map(\.name)
          == ["rv32imc", "rv32imac", "rv64gc"].flatMap { core in
            ["-O2", "-Os"].map { "C engine, \(core) emulated, \($0)" }
          })
    }
  }

  /// A float image whose tokens are texts.
  private static func imageWithVocabulary() throws -> [UInt8] {
    let words = [" kit", " kitchen", "ab", "abab"].map { Array($0.utf8) }
    let vocabulary = try Vocabulary(
      strings: Dictionary(uniqueKeysWithValues: zip(UInt8(0x80)..., words)), unknownToken: 0xFF)
    return AtomeImageFile.write(
      RandomModel.make(seed: 1, shape: RandomModel.small), vocabulary: vocabulary, provenance: nil)
  }

  @Test("an image's vocabulary is proven along with its logits", .needsEmulator)
  func vocabulary() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(try Self.imageWithVocabulary(), to: "\(folder)/ours.atome")
      let verify = AlambicCommand(in: folder)
      let outcome = try await verify("verify ours.atome --core cortex-m0 --prompts 2 --bytes 2 --quiet --out report")
      let report = try VerificationReport(reading: try AtomicFile.read("\(folder)/report/report.json"), name: "r")
      let texts = try #require(report.texts)
      #expect(outcome.status == 0 && report.verdict == .equal, "\(outcome)")
      let each = texts.comparedTokenCount / report.contenders.count
      #expect(report.contenders.allSatisfy { $0.texts?.comparedTokenCount == each })
      let count = { (number: Int) in ReadableUnits.count(number) }
      #expect(
        outcome.standardOutput.contains(
          "\(count(texts.comparedTokenCount)) tokens of \(count(report.encodedByteCount)) bytes of text compared, "
            + "0 different"), "\(outcome)")
    }
  }

  /// The shortest string that fits in place of the longest: what the C encoder would be with one wrong comparison.
  @Test("a C encoder with one wrong comparison is found, and where", .needsEmulator)
  func wrongEncoder() async throws {
    try await withTemporaryFolder { folder in
      for name in ["Corpora", "teachers"] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      try FileManager.default.copyItem(atPath: "\(PackageRoot.path)/firmware", toPath: "\(folder)/firmware")
      let source = "\(folder)/firmware/engine/atome_vocabulary.c"
      let right = String(decoding: try AtomicFile.read(source), as: UTF8.self)
      let wrong = right.replacing("if (common == count) {", with: "if (common == count && length == 1u) {")
      #expect(wrong != right)
      try AtomicFile.write(wrong, to: source)
      try AtomicFile.write(try Self.imageWithVocabulary(), to: "\(folder)/ours.atome")
      let outcome = try await AlambicCommand(in: folder).run(
        ["verify", "ours.atome", "--prompts", "2", "--bytes", "2", "--quiet", "--out", "report"],
        environment: ["ALAMBIC_PROJECT": folder])
      #expect(outcome.status == 1 && outcome.standardOutput.isEmpty, "\(outcome)")
      // The 256 byte values, " kit" and then " kitchen".
      #expect(
        outcome.standardError.contains(
          " differs from the reference at text 257, byte 7: the tokens are 806368656e, not 81"), "\(outcome)")
      let report = try VerificationReport(reading: try AtomicFile.read("\(folder)/report/report.json"), name: "r")
      #expect(report.verdict == .different && report.differingLogitCount == 0)
      #expect(report.contenders.filter { $0.isEqual }.map(\.name) == ["C engine, in process"])
    }
  }

  @Test("what cannot be verified is refused before anything is built")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 1, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/ours.atome")
      let verify = AlambicCommand(in: folder)
      let unknown = try await verify("verify ours.atome --core cortex-m9")
      #expect(unknown.status == 64 && unknown.standardOutput.isEmpty)
      #expect(unknown.standardError.hasPrefix("error: there is no core named 'cortex-m9'\n\nhint: "), "\(unknown)")
      #expect(unknown.standardError.contains("cortex-m3"))
      for flag in ["--prompts", "--context"] {
        expect(
          try await verify("verify ours.atome \(flag) 0"),
          is: .refusal(64, "\(flag) is 0, outside 1…65536", hint: "choose a value in that range"))
      }
      expect(
        try await verify("verify ours.atome --bytes 1048577"),
        is: .refusal(64, "--bytes is 1048577, outside 1…1048576", hint: "choose a value in that range"))
      expect(
        try await verify("verify none.atome"),
        is: .refusal(
          65, "no such file: none.atome", hint: "check the path; relative paths start at the current folder"))
    }
  }

  @Test("every flipped byte of an image of ours is noticed, by talk and verify")
  func flippedBytes() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 1, shape: RandomModel.small), provenance: nil)
      var generator = SeededGenerator(seed: 7)
      for command in ["talk flipped.atome --prompt hi", "verify flipped.atome"] {
        for _ in 0..<5 {
          var flipped = image
          flipped[generator.below(image.count)] ^= 1 << UInt8(generator.below(8))
          try AtomicFile.write(flipped, to: "\(folder)/flipped.atome")
          let outcome = try await AlambicCommand(in: folder)(command)
          #expect(outcome.status == 65 && outcome.standardOutput.isEmpty, "\(outcome)")
          #expect(outcome.standardError.hasPrefix("error: flipped.atome"), "\(outcome)")
        }
      }
    }
  }
}
