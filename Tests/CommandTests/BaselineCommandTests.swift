import Basics
import Formats
import Foundation
import Networks
import TestSupport
import Testing

@Suite("baselines on the command line")
struct BaselineCommandTests {
  private struct Trained: Decodable {
    var bitsPerByte: Double
    var parameterCount: Int
  }

  private struct Evaluated: Decodable {
    var bitsPerByte: Double
    var byteCount: Int
    var window: Int
    var int8ByteCount: Int?
  }

  private func evaluated(_ alambic: AlambicCommand, _ arguments: [String]) async throws -> Evaluated {
    let outcome = try await alambic.run(["evaluate"] + arguments + ["--json"])
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Evaluated.self, from: Data(outcome.standardOutput.utf8))
  }

  @Test("a GPT is trained, inspected, evaluated as it is and in eight bits, and never exported")
  func gpt() async throws {
    try await withTemporaryFolder { folder in
      let text = Array(String(repeating: "The kitchen is warm. The hall is cold. ", count: 200).utf8)
      try AtomicFile.write(text, to: "\(folder)/text.txt")
      // What training holds out: the last tenth of 243 windows of 32.
      try AtomicFile.write(Array(text[218 * 32..<243 * 32]), to: "\(folder)/held-out.txt")
      let alambic = AlambicCommand(in: folder)
      let options = "--preset gpt-6k --steps 150 --batch 8 --window 32 --quiet --json --out gpt"
      let training = try await alambic.run(
        ["train", "--data", "text.txt"] + options.split(separator: " ").map { "\($0)" })
      #expect(training.status == 0, "\(training)")
      let trained = try JSONDecoder().decode(Trained.self, from: Data(training.standardOutput.utf8))
      let shape = try #require(GPTShape.preset("gpt-6k", window: 32))
      #expect(trained.parameterCount == shape.parameterCount)

      let float = try await evaluated(alambic, ["gpt", "--data", "held-out.txt"])
      #expect(float.window == 32 && float.byteCount == 25 * 31 && float.int8ByteCount == nil)
      #expect(abs(float.bitsPerByte - trained.bitsPerByte) < 1e-9)
      let rounded = try await evaluated(alambic, ["gpt", "--data", "held-out.txt", "--int8"])
      #expect(abs(rounded.bitsPerByte - float.bitsPerByte) < 0.1)
      #expect((rounded.int8ByteCount ?? 0) > shape.parameterCount)

      let inspection = try await alambic.run(["inspect", "gpt"])
      #expect(inspection.status == 0 && inspection.standardOutput.contains("a plain GPT"))
      let export = try await alambic.run(["export", "gpt", "--out", "gpt.atome"])
      #expect(export.status != 0 && export.standardError.contains("a GPT is a baseline"))
      let integer = "export gpt --format integer --calibrate held-out.txt --out gpt.image --json --quiet"
      let answer = try await alambic(integer).json()
      let bits = try ["floatBitsPerByte", "integerBitsPerByte"].map { try #require(answer[$0] as? Double) }
      #expect(abs(bits[1] - bits[0]) < 0.05 && bits[1] != bits[0], "\(bits)")
      let image = try AtomicFile.read("\(folder)/gpt.image")
      #expect(image.starts(with: GPTImageFile.magic) && answer["byteCount"] as? Int == image.count)
      let refused = try await alambic("\(integer) --cache int8")
      #expect(refused.status == 64 && refused.standardError.contains("--cache is for an atome model"), "\(refused)")
    }
  }

  @Test("a llama2.c model is evaluated with its tokenizer", .needsSharedData)
  func llama() async throws {
    let model = try #require(SharedData.path("llama2c/stories260K.bin"))
    let tokenizer = try #require(SharedData.path("llama2c/tok512.bin"))
    try await withTemporaryFolder { folder in
      try AtomicFile.write(
        "Once upon a time, there was a little girl named Lily. She loved to play outside.", to: "\(folder)/text.txt")
      let alambic = AlambicCommand(in: folder)
      let whole = try await evaluated(alambic, [model, "--tokenizer", tokenizer, "--data", "text.txt"])
      #expect(whole.byteCount == 80 && whole.bitsPerByte < 0.3)
      let windows = try await evaluated(
        alambic, [model, "--tokenizer", tokenizer, "--data", "text.txt", "--window", "40"])
      #expect(windows.byteCount == 80 && windows.bitsPerByte > whole.bitsPerByte)
      let swapped = try await alambic.run(["evaluate", tokenizer, "--tokenizer", model, "--data", "text.txt"])
      #expect(swapped.status != 0 && swapped.standardError.contains("hint:"))
    }
  }
}
