import Basics
import Formats
import Foundation
import Lineage
import TestSupport
import Testing

@Suite("alambic talk, sampling")
struct SampledTalkTests {
  /// The options after `talk`, on a small random model of ours; the answer to `--json`.
  private func talk(_ options: String, in folder: String) async throws -> [UInt8] {
    let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
    try AtomicFile.write(image, to: "\(folder)/small.atome")
    let outcome = try await AlambicCommand(in: folder)("talk small.atome --prompt hello --json \(options)")
    #expect(outcome.status == 0, "\(outcome)")
    let output = try #require(try outcome.json()["output"] as? [Int])
    return output.map { UInt8(truncatingIfNeeded: $0) }
  }

  static let settings = "--temperature 0.8 --top-k 40 --top-p 0.95 --seed 7"

  @Test("far beyond the window, both engines of this process draw the same bytes")
  func host() async throws {
    try await withTemporaryFolder { folder in
      let swift = try await talk("--bytes 5000 --context 16 \(Self.settings)", in: folder)
      #expect(swift.count == 5000)
      #expect(try await talk("--bytes 5000 --context 16 --engine c \(Self.settings)", in: folder) == swift)
    }
  }

  @Test("an emulated core draws them too", .needsEmulator)
  func emulated() async throws {
    try await withTemporaryFolder { folder in
      let options = "--bytes 300 --context 16 \(Self.settings)"
      let reference = try await talk(options, in: folder)
      #expect(reference.count == 300)
      #expect(try await talk("\(options) --engine qemu", in: folder) == reference)
    }
  }

  @Test("a seed decides, and only where a temperature is given")
  func seeds() async throws {
    try await withTemporaryFolder { folder in
      let greedy = try await talk("", in: folder)
      let first = try await talk("--temperature 1", in: folder)
      #expect(try await talk("--temperature 1 --seed 0 --top-k 256 --top-p 1", in: folder) == first)
      #expect(try await talk("--temperature 1.000 --seed 1", in: folder) != first)
      #expect(try await talk("--temperature 0", in: folder) == greedy)
      #expect(try await talk("--temperature 100 --top-k 1", in: folder) == greedy)
      #expect(first != greedy)
    }
  }

  @Test("settings outside their limits, or without a use, are refused before the image is read")
  func refusals() async throws {
    let range = "choose a value in that range"
    let cases: [(String, String, String)] = [
      ("--temperature 0.001", "--temperature is 0.001, outside 0.01…100", range),
      ("--temperature 100.001", "--temperature is 100.001, outside 0.01…100", range),
      ("--temperature 1 --top-k 0", "--top-k is 0, outside 1…256", range),
      ("--temperature 1 --top-p 0", "--top-p is 0, outside 0.001…1", range),
      (
        "--temperature warm", "--temperature is 'warm', not a number with at most three decimals", "for example 0.8"
      ),
      (
        "--temperature 1 --top-p 0.1234", "--top-p is '0.1234', not a number with at most three decimals",
        "for example 0.8"
      ),
      (
        "--top-k 4", "--top-k requires a temperature: the most probable byte is chosen",
        "add --temperature 1, say"
      ),
      (
        "--seed 4 --temperature 0", "--seed requires a temperature: the most probable byte is chosen",
        "add --temperature 1, say"
      ),
    ]
    for (options, message, hint) in cases {
      let outcome = try await AlambicCommand(in: "/")("talk none.atome --prompt hi \(options)")
      expect(outcome, is: .refusal(64, message, hint: hint))
    }
  }
}
