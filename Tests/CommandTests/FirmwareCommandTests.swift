import Basics
import Formats
import Foundation
import TestSupport
import Testing

@Suite("alambic firmware")
struct FirmwareCommandTests {
  @Test("leaves what is flashed, its hashes and what it will say", .needsEmulator)
  func pico() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 1, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/model.atome")
      let outcome = try await AlambicCommand(in: folder)(
        "firmware model.atome --board rpi-pico --prompt hello --bytes 8 --context 16 --out pico --json")
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      let answer = try outcome.json()
      #expect(answer["schema"] as? String == "alambic.firmware/1")
      let id = ContentID(of: image)
      #expect(answer["image"] as? String == id.description)
      let transcript = try #require(answer["transcript"] as? String)
      #expect(transcript.hasPrefix("# alambic on rpi-pico: image \(id.short), float32, d_model=7,n_layers=2,"))
      #expect(transcript.split(separator: "\n")[1].hasPrefix("hello"))
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/pico").sorted()
      #expect(files == ["expected.txt", "firmware.elf", "firmware.sha256", "firmware.uf2"])
      let flashed = try #require((answer["files"] as? [[String: Any]])?.first)
      #expect(flashed["path"] as? String == "pico/firmware.uf2")
      #expect(flashed["id"] as? String == ContentID(of: try AtomicFile.read("\(folder)/pico/firmware.uf2")).description)
    }
  }

  @Test("the context is what the student was trained with, or the most that the board's RAM holds", .needsEmulator)
  func context() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      func context(trained: Int, _ options: String = "") async throws -> Int? {
        let image = AtomeImageFile.write(
          RandomModel.make(seed: 1, shape: RandomModel.small), trainedContext: trained, provenance: nil)
        try AtomicFile.write(image, to: "\(folder)/model.atome")
        return try await alambic("firmware model.atome --board nucleo-f411re --out x --json \(options)")
          .json()["context"] as? Int
      }
      #expect(try await context(trained: 20) == 20)
      #expect(try await context(trained: 20, "--context 9") == 9)
      let most = try #require(try await context(trained: 2048))
      #expect((1024..<2048).contains(most))
      let more = try await alambic("firmware model.atome --board nucleo-f411re --out y --context \(most + 1)")
      #expect(more.status == 69 && more.standardError.contains("too little RAM"), "\(more)")
    }
  }

  @Test("what cannot be built is refused, and leaves nothing")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 1, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/ours.atome")
      let firmware = AlambicCommand(in: folder)
      expect(
        try await firmware("firmware ours.atome --board zx-spectrum --out x"),
        is: .refusal(
          64, "no firmware is built for a board named 'zx-spectrum'",
          hint: "for nucleo-f411re, rpi-pico, rpi-pico2; `alambic fit` knows more boards, and --library makes sources "
            + "for any"))
      expect(
        try await firmware("firmware ours.atome --board rpi-pico --bytes 0 --out x"),
        is: .refusal(64, "--bytes is 0, outside 1…1000000", hint: "choose a value in that range"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/x"))
    }
  }
}
