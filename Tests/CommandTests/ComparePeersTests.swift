import Basics
import Foundation
import TestSupport
import Testing

/// What `compare --json` prints of models of others.
private struct PeerReport: Decodable {
  struct Peer: Decodable {
    var name: String
    var form: String
    var parameterCount: Int
    var window: String
    var flashByteCount: Int
    var ramByteCount: Int?
    var instructionCount: Int?
    var bitsPerByte: Double
  }
  struct Section: Decodable {
    struct Row: Decodable { var name: String }
    var rows: [Row]
  }
  var sections: [Section]
  var peers: [Peer]?
}

@Suite("alambic compare, models of others")
struct ComparePeersTests {
  private static let options =
    "compare --data text.txt --steps 4 --batch 2 --window 32 --seeds 1 --contestant gpt-6k-tied --json --quiet --out o"

  private static func writeText(to folder: String) throws {
    let text = String(repeating: "Once upon a time there was a little fox. He was happy. <|end|>\n", count: 200)
    try AtomicFile.write(text, to: "\(folder)/text.txt")
  }

  private static func compare(_ models: [String], in folder: String) async throws -> AlambicCommand.Outcome {
    try await AlambicCommand(in: folder).run(
      options.split(separator: " ").map(String.init) + models.flatMap { ["--model", $0] })
  }

  @Test("stand beside the students at their own context; the page says in words what has no engine", .needsSharedData)
  func peers() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let blob = "\(try PublishedImage.small.path),preset=\(PublishedImage.small.preset),window=96"
      let llama = try #require(SharedData.path("llama2c/stories260K.bin"))
      let tokens = try #require(SharedData.path("llama2c/tok512.bin"))
      let told = "\(llama),tokenizer=\(tokens)"
      let outcome = try await Self.compare([blob, told, "\(told),without=<|end|>"], in: folder)
      #expect(outcome.status == 0, "\(outcome)")
      let peers = try #require(
        try JSONDecoder().decode(PeerReport.self, from: Data(outcome.standardOutput.utf8)).peers)
      #expect(peers.map(\.name) == ["atome60k_random.atome", "stories260K.bin", "stories260K.bin"])
      let positions = "windows of 512 positions"
      #expect(peers.map(\.window) == ["windows of 96 bytes", positions, positions])
      // The file as it is; a byte a weight, with scales and tokens.
      #expect(peers[0].flashByteCount == 20_575)
      #expect(peers[1].flashByteCount > peers[1].parameterCount + 6227)
      #expect(peers[1].flashByteCount < peers[1].parameterCount * 11 / 10)
      #expect((peers[0].ramByteCount ?? 0) > 0 && (peers[0].instructionCount ?? 0) > 100_000)
      #expect(peers[1].ramByteCount == nil && peers[1].instructionCount == nil)
      // Random weights know nothing; stories260K knows how stories begin.
      #expect(peers[0].bitsPerByte > 7 && (0.1..<6).contains(peers[1].bitsPerByte))
      // A mark that it never read costs it a lot.
      #expect(peers[2].bitsPerByte < peers[1].bitsPerByte - 0.2, "\(peers)")
      let page = String(decoding: try AtomicFile.read("\(folder)/o/compare.md"), as: UTF8.self)
      #expect(page.contains("## Models of others") && page.contains("| no engine | no engine |"))
      #expect(!page.contains("| – |"), "a dash")
      #expect(page.contains(#"--model "atome60k_random.atome,preset=atome-60k,window=96""#), "\(page.prefix(400))")
      #expect(page.contains("while students predict it: `<|end|>`"))
      let flash = String(decoding: try AtomicFile.read("\(folder)/o/compare-flash.svg"), as: UTF8.self)
      let instructions = String(decoding: try AtomicFile.read("\(folder)/o/compare-instructions.svg"), as: UTF8.self)
      #expect(flash.contains(">stories260K.bin</text>") && flash.contains(">gpt-6k-tied float32</text>"))
      #expect(!instructions.contains(">stories260K.bin</text>"))
      #expect(instructions.contains(">atome60k_random.atome</text>"))
    }
  }

  @Test("what cannot be read or flashed is refused before anything is trained")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      expect(
        try await Self.compare(["x.bin,context=3"], in: folder),
        is: .refusal(
          64, "--model: cannot read 'context=3' in 'x.bin,context=3'",
          hint: "it reads like stories260K.bin,tokenizer=tok512.bin, or foreign.atome,preset=atome-944k,window=256"))
      expect(
        try await Self.compare(["x.bin,window=1"], in: folder),
        is: .refusal(
          64, "--model: window is 1 in 'x.bin,window=1', outside 2…65536", hint: "choose a value in that range"))
      let missing = try await Self.compare(["missing.atome"], in: folder)
      #expect(missing.status != 0 && missing.standardError.contains("missing.atome"))
      let alambic = AlambicCommand(in: folder)
      let train = "train --data text.txt --preset gpt-6k-tied --steps 1 --batch 1 --window 32 --quiet --out tied"
      #expect(try await alambic.run(train.split(separator: " ").map(String.init)).status == 0)
      let checkpoint = try await Self.compare(["tied"], in: folder)
      expect(
        checkpoint,
        is: .refusal(
          64, "--model: tied is a checkpoint, and nothing that is flashed",
          hint: "export it first: alambic export tied"))
    }
  }
}
