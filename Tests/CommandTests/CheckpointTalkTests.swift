import Basics
import Foundation
import TestSupport
import Testing

@Suite("alambic talk, on checkpoints", .serialized)
struct CheckpointTalkTests {
  /// Trains in `folder`, on a text that even a few steps learn, in windows of 32.
  private static func train(_ preset: String, in folder: String) async throws -> AlambicCommand {
    try AtomicFile.write(
      String(repeating: "The kitchen is warm. The hall is cold. ", count: 200), to: "\(folder)/text.txt")
    let alambic = AlambicCommand(in: folder)
    let outcome = try await alambic(
      "train --data text.txt --preset \(preset) --steps 300 --batch 8 --window 32 --quiet --out model")
    #expect(outcome.status == 0, "\(outcome)")
    return alambic
  }

  @Test("a GPT answers beyond its window, the same each time, and sampled otherwise")
  func gpt() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train("gpt-6k", in: folder)
      let answer = try await alambic("talk model --prompt The --bytes 70 --json").json()
      #expect(answer["engine"] as? String == "swift" && answer["context"] as? Int == 31)
      let text = try #require(answer["text"] as? String)
      #expect(text.utf8.count == 70 && "The\(text)".contains("kitchen is warm"), "\(text)")
      #expect(try await alambic("talk model --prompt The --bytes 70") == .init(status: 0, standardOutput: text + "\n"))
      let sampled = try await alambic("talk model --prompt The --bytes 70 --temperature 2 --seed 1")
      #expect(sampled.status == 0 && sampled.standardOutput != text + "\n")
    }
  }

  @Test("what a GPT has not is refused, with what it has")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train("gpt-6k", in: folder)
      for engine in ["c", "qemu"] {
        expect(
          try await alambic("talk model --prompt The --engine \(engine)"),
          is: .refusal(
            64, "the C engine runs images, and model is a plain GPT, which no image can hold",
            hint: "choose the engine swift"))
      }
      for (flag, what) in [("--entropy", "entropy"), ("--abstain-above 0.5", "abstaining")] {
        expect(
          try await alambic("talk model --prompt The \(flag)"),
          is: .refusal(
            64, "\(what) needs routers, and model is a plain GPT, which has none",
            hint: "leave it out, or talk to an atome model"))
      }
      expect(
        try await alambic("talk model --prompt The --context 32"),
        is: .refusal(
          64, "a context of 32 positions; model was trained on 31", hint: "choose --context 31 or less"))
      expect(
        try await alambic("talk model --prompt The --preset atome-60k"),
        is: .refusal(
          64, "model is a checkpoint, which says its own shape", hint: "leave --shape and --preset out"))
    }
  }

  @Test("at a terminal a GPT says what it is, and stays with the Swift engine")
  func terminal() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train("gpt-6k", in: folder)
      let terminal = try PseudoTerminal()
      let status = try await alambic.run(
        ["talk", "model", "--bytes", "9"], at: terminal,
        environment: ["XDG_STATE_HOME": "\(folder)/state", "TERM": "xterm", "NO_COLOR": "1"]
      ) { _ in
        try await terminal.wait(for: "a plain GPT in float32, by the Swift engine alone; it has no routers")
        try await terminal.wait(for: "> ")
        terminal.type("/engine qemu\r")
        try await terminal.wait(for: "hint: choose the engine swift")
        terminal.type("/entropy on\r")
        try await terminal.wait(for: "entropy needs routers")
        terminal.type("The\r")
        try await terminal.wait(for: "9 bytes in ")
        terminal.type("/quit\r")
      }
      #expect(status == 0)
    }
  }

  @Test("an atome checkpoint says what its exported image says, from the C engine too")
  func atome() async throws {
    try await withTemporaryFolder { folder in
      let alambic = try await Self.train("atome-60k", in: folder)
      let export = try await alambic("export model --out model.atome --quiet")
      #expect(export.status == 0, "\(export)")
      let image = try await alambic("talk model.atome --prompt The --json --logits --engine swift").json()
      for engine in ["swift", "c"] {
        let checkpoint = try await alambic("talk model --prompt The --json --logits --engine \(engine)").json()
        #expect(checkpoint["logitBits"] as? [String] == image["logitBits"] as? [String])
        #expect(checkpoint["text"] as? String == image["text"] as? String)
      }
    }
  }
}
