import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing

@Suite("alambic verify")
struct VerifyCommandTests {
  @Test("a published blob computes the same bits everywhere", .needsSharedData, .needsEmulator)
  func published() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await AlambicCommand(in: folder).run(
        ["verify"] + PublishedImage.small.arguments + [
          "--core", "cortex-m3", "--prompts", "3", "--bytes", "4", "--json", "--quiet", "--out", "report",
        ])
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      let report = try JSONDecoder().decode(VerificationReport.self, from: Data(outcome.standardOutput.utf8))
      #expect(report.verdict == .equal && report.differingLogitCount == 0)
      #expect(report.vectors.promptCount == 3 && report.vectors.generatedByteCount == 4)
      #expect(report.vectors.sampledPromptCount == 1 && report.vectors.sampling?.topK == 40)
      // In this process, each host compiler at three levels, and the core.
      #expect(report.contenders.count >= 1 + 3 + 1)
      #expect(report.contenders.allSatisfy { $0.comparedLogitCount == report.vectors.logitCount })
      #expect(report.contenders.last?.firmware?.flashByteCount ?? 0 > 20_575)
      #expect(
        String(decoding: try AtomicFile.read("\(folder)/report/report.json"), as: UTF8.self)
          .trimmingCharacters(in: .newlines) == outcome.standardOutput.trimmingCharacters(in: .newlines))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/report/report.html"))
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
      #expect(unknown.standardError.hasPrefix("error: no core is named 'cortex-m9'\n\nhint: "), "\(unknown)")
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
