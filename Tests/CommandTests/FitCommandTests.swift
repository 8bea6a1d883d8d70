import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing

@Suite("alambic fit")
struct FitCommandTests {
  @Test("shows all presets with every engine, and says yes when one fits")
  func presets() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await Self.fit("--board rp2040 --json", in: folder)
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      let answer = try outcome.json()
      #expect(answer["schema"] as? String == "alambic.fit/1")
      let rows = try #require(answer["rows"] as? [[String: Any]])
      #expect(rows.count == 13)
      #expect(
        rows.compactMap { $0["engine"] as? String } == [
          "float", "integer", "integer", "float", "integer", "integer", "float", "integer", "integer",
          "compact", "compact", "compact", "compact",
        ])
      #expect(rows.compactMap { $0["cacheBitCount"] as? Int } == [16, 8, 16, 8, 16, 8])
      for row in rows {
        let flash = try #require(row["imageByteCount"] as? Int) + (try #require(row["codeByteCount"] as? Int))
        #expect(row["flashByteCount"] as? Int == flash)
      }
      let text = try await Self.fit("--board rp2040", in: folder)
      #expect(text.standardOutput.hasPrefix("Raspberry Pi Pico (RP2040), Cortex-M0+ at 125 MHz, 2.0 MiB of flash, "))
      #expect(text.standardOutput.contains("bytes/s is an estimate"))
    }
  }

  @Test("says no, with status 1, when nothing that was asked for fits")
  func answerIsNo() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await Self.fit("--board microbit --preset atome-944k", in: folder)
      #expect(outcome.status == 1 && outcome.standardError.isEmpty)
      #expect(outcome.standardOutput.contains("no: flash, RAM"))
      let search = try await Self.fit("--board microbit --search --min-bytes-per-second 1e9", in: folder)
      #expect(search.status == 1 && search.standardOutput.hasSuffix("no shape of the grid fits\n"))
    }
  }

  @Test("a file is shown with its own engine, unless another is chosen")
  func file() async throws {
    try await withTemporaryFolder { folder in
      let model = RandomModel.makeInteger(seed: 1, shape: RandomModel.small, cache: .int8)
      let file = IntegerImageFile.write(model, provenance: nil)
      try AtomicFile.write(file, to: "\(folder)/model.atome")
      let own = try #require(try await Self.fit("model.atome --board bluepill --json", in: folder).json()["rows"])
      let rows = try #require(own as? [[String: Any]])
      #expect(rows.count == 1 && rows[0]["cacheBitCount"] as? Int == 8 && rows[0]["fits"] as? Bool == true)
      #expect(rows[0]["imageByteCount"] as? Int == file.count)
      let chosen = try await Self.fit("model.atome --board bluepill --engine integer --json", in: folder).json()["rows"]
      #expect((chosen as? [Any])?.count == 2)
      let compact = CompactImageFile.write(
        RandomModel.makeCompact(seed: 1, shape: RandomModel.smallCompact), provenance: nil)
      try AtomicFile.write(compact, to: "\(folder)/compact.atome")
      let shown = try await Self.fit("compact.atome --board bluepill --json", in: folder).json()["rows"]
      let row = try #require((shown as? [[String: Any]])?.first)
      #expect(row["engine"] as? String == "compact" && row["imageByteCount"] as? Int == compact.count)
    }
  }

  @Test("a search lists ten shapes that fit")
  func search() async throws {
    try await withTemporaryFolder { folder in
      let outcome = try await Self.fit("--board bluepill --search --context 32 --engine integer --json", in: folder)
      #expect(outcome.status == 0, "\(outcome)")
      let rows = try #require(try outcome.json()["rows"] as? [[String: Any]])
      #expect(
        rows.count == 10 && rows.allSatisfy { $0["fits"] as? Bool == true && $0["engine"] as? String == "integer" })
    }
  }

  @Test("what cannot be answered is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      expect(
        try await Self.fit("--board zx-spectrum", in: folder),
        is: .refusal(
          64, "there is no board named 'zx-spectrum'",
          hint:
            "boards: microbit, bluepill, nucleo-f411re, rpi-pico, rpi-pico2, stm32f746, esp32-c3, esp32-c6, esp32-s3"))
      expect(
        try await Self.fit("--board rp2040 --engine float --cache int8", in: folder),
        is: .refusal(64, "--cache is of the integer engine", hint: "leave it out, or choose --engine integer"))
      expect(
        try await Self.fit("--board rp2040 --min-bytes-per-second 3", in: folder),
        is: .refusal(64, "--min-bytes-per-second needs --search", hint: "add --search"))
      expect(
        try await Self.fit("--board rp2040 --search --preset atome-60k", in: folder),
        is: .refusal(64, "--search looks for shapes and takes none", hint: "leave the shape out"))
      expect(
        try await Self.fit("--board rp2040 --context 0", in: folder),
        is: .refusal(64, "--context is 0, outside 1…65536", hint: "choose a value in that range"))
    }
  }

  private static func fit(_ arguments: String, in folder: String) async throws -> AlambicCommand.Outcome {
    try await AlambicCommand(in: folder)("fit \(arguments)")
  }
}
