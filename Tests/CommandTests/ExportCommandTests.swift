import Basics
import Formats
import Foundation
import Lineage
import Networks
import TestSupport
import Testing

@Suite("alambic export")
struct ExportCommandTests {
  @Test("a checkpoint becomes an image that says its shape and origin, and talks")
  func image() async throws {
    try await withTemporaryFolder { folder in
      let text = String(repeating: "the kitchen is warm. ", count: 100)
      try AtomicFile.write(text, to: "\(folder)/text.txt")
      let alambic = AlambicCommand(in: folder)
      let trained = try await alambic(
        "train --data text.txt --preset atome-60k --steps 5 --batch 2 --window 32 --out model.checkpoint --quiet")
      #expect(trained == AlambicCommand.Outcome(status: 0))
      let exported = try await alambic("export model.checkpoint --out model.atome --json").json()
      #expect(exported["schema"] as? String == "alambic.export/1")
      let file = try AtomicFile.read("\(folder)/model.atome")
      #expect(exported["image"] as? String == ContentID(of: file).description)
      #expect(exported["byteCount"] as? Int == file.count)
      let contents = try AtomeImageFile.read(file, name: "model.atome")
      #expect(contents.model.shape == .atome60K)
      #expect(contents.trailer?.provenance == ContentID(of: try AtomicFile.read("\(folder)/model.checkpoint")))
      let answer = try await alambic("talk model.atome --prompt kitchen --bytes 4 --json").json()
      #expect((answer["output"] as? [Int])?.count == 4)
      let inspected = try await alambic("inspect model.atome --json")
      #expect(inspected.status == 0 && inspected.standardError.isEmpty, "\(inspected)")
      // Into the smaller packing and back: the same bytes, origin included.
      _ = try await alambic("export model.atome --format atome02 --out small.atome --quiet")
      let small = try AtomeImageFile.read(try AtomicFile.read("\(folder)/small.atome"), name: "small.atome")
      #expect(small.packing == .atome02 && small.bodyByteCount == 17_613)
      #expect(try await alambic("inspect small.atome").standardOutput.contains("ATOME02 image"))
      let same = try await alambic("talk small.atome --prompt kitchen --bytes 4 --json").json()
      #expect(same["output"] as? [Int] == answer["output"] as? [Int])
      _ = try await alambic("export small.atome --out back.atome --quiet")
      #expect(try AtomicFile.read("\(folder)/back.atome") == file)
      // Again: the same bytes.
      _ = try await alambic("export model.checkpoint --out again.atome --quiet")
      #expect(try AtomicFile.read("\(folder)/again.atome") == file)
    }
  }

  @Test("what is no checkpoint, or a damaged one, is refused and leaves nothing")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write("garbage\n", to: "\(folder)/garbage")
      let export = AlambicCommand(in: folder)
      expect(
        try await export("export garbage --out x.atome"),
        is: .refusal(
          65, "garbage is not an .atome image: it does not start with ATOME01 or ATOME02",
          hint: "`alambic inspect garbage` says what it is"))
      expect(
        try await export("export none --out x.atome"),
        is: .refusal(65, "no such file: none", hint: "check the path; relative paths start at the current folder"))
      expect(
        try await export("export thermostat --format atome02"),
        is: .refusal(
          64, "--format, --shape and --preset are for a file; a corpus is exported as ATOME01",
          hint: "give --out as well"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/x.atome"))
    }
  }
}
