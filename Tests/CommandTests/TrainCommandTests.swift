import Basics
import Foundation
import TestSupport
import Testing

/// What `train --data --json` prints, of which these tests read a part.
private struct TrainAnswer: Decodable {
  struct Point: Decodable, Equatable {
    var step: Int
    var trainBitsPerByte: Double
    var heldOutBitsPerByte: Double
  }
  var schema: String
  var checkpoint: ContentID
  var bitsPerByte: Double
  var history: [Point]
  var firstStep: Int
  var heldOutWindowCount: Int
  var settings: Settings

  struct Settings: Decodable {
    var stepCount: Int

    enum CodingKeys: String, CodingKey { case stepCount = "step_count" }
  }

  init(_ outcome: AlambicCommand.Outcome) throws {
    #expect(outcome.status == 0, "\(outcome)")
    self = try JSONDecoder().decode(TrainAnswer.self, from: Data(outcome.standardOutput.utf8))
    #expect(schema == "alambic.train/1")
  }
}

@Suite("alambic train")
struct TrainCommandTests {
  /// Sentences from a few words: enough to learn from, nothing to look up.
  private static func writeText(to folder: String) throws {
    var generator = SeededGenerator(seed: 5)
    let words = ["the", "kitchen", "is", "warm", "set", "to", "twenty", "degrees", "and", "hall", "cold", "now"]
    let text = (0..<4000).map { _ in words[generator.below(words.count)] }.joined(separator: " ")
    try AtomicFile.write(text, to: "\(folder)/text.txt")
  }

  private static func arguments(_ options: String, out: String) -> [String] {
    let line = "train --data text.txt --preset atome-60k --seed 3 --json --quiet --out \(out) \(options)"
    return line.split(separator: " ").map(String.init)
  }

  @Test("the checkpoint's bytes do not depend on the number of threads, but on the seed")
  func threads() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      var checkpoints: [ContentID] = []
      for (options, out) in [("--threads 1", "one"), ("--threads 2", "two"), ("--seed 4", "other")] {
        let outcome = try await alambic.run(Self.arguments("--steps 60 --batch 4 --window 32 \(options)", out: out))
        let answer = try TrainAnswer(outcome)
        #expect(answer.checkpoint == ContentID(of: try AtomicFile.read("\(folder)/\(out)")))
        checkpoints.append(answer.checkpoint)
      }
      #expect(checkpoints[0] == checkpoints[1] && checkpoints[0] != checkpoints[2])
    }
  }

  @Test("a run says which other training it replaces, finished or not; the same one again says nothing")
  func replaces() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      func notices(_ steps: Int) async throws -> String {
        let line = "train --data text.txt --preset gpt-60k --out a --batch 2 --window 32 --steps \(steps)"
        return try await alambic(line).standardError
      }
      #expect(try await !notices(2).contains("another training"))
      #expect(try await !notices(2).contains("another training"))
      let said = try await notices(3)
      #expect(said.contains("a holds another training (gpt-60k, 2 of 2 steps), which this one replaces"), "\(said)")
    }
  }

  @Test(
    "a corpus's settings are its recipe's: none given beside it is passed over",
    arguments: ["--steps 9", "--preset gpt-60k", "--seed 1", "--out x", "--save-every 2", "--minutes 5"])
  func settingsBesideACorpus(options: String) async throws {
    try await withTemporaryFolder { folder in
      let given = options.split(separator: " ").map(String.init)
      let outcome = try await AlambicCommand(in: folder).run(["train", "thermostat"] + given)
      #expect(outcome.status == 64, "\(outcome)")
      #expect(outcome.standardError.contains("\(given[0]) is for --data"), "\(outcome)")
    }
  }

  @Test("a text of its own can be held out, and measured as often as one likes")
  func heldOutText() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      try AtomicFile.write(String(repeating: "the hall is cold now ", count: 20), to: "\(folder)/held.txt")
      let options = "--steps 60 --batch 4 --window 32 --held-out held.txt --evaluate-every 25"
      let answer = try TrainAnswer(try await AlambicCommand(in: folder).run(Self.arguments(options, out: "one")))
      #expect(answer.heldOutWindowCount == 420 / 32)
      #expect(answer.history.map(\.step) == [25, 50, 60])
      #expect(answer.history.last?.heldOutBitsPerByte == answer.bitsPerByte)
    }
  }

  @Test("killed at random moments and resumed, it ends with the bytes of a run that was left alone")
  func kills() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--steps 300 --batch 16 --window 64 --save-every 0.02"
      let uninterrupted = try TrainAnswer(try await alambic.run(Self.arguments(options, out: "whole")))
      var generator = SeededGenerator(seed: 11)
      let wanted = KillCount.value(usually: 6)
      var killCount = 0
      for _ in 0..<wanted {
        let outcome = try await alambic.run(Self.arguments(options, out: "killed"), .killed) {
          try await Task.sleep(for: .seconds(0.05 + 0.3 * generator.unit()))
        }
        if outcome.status == 128 + SIGKILL { killCount += 1 }
      }
      #expect(killCount >= min(2, wanted))
      let resumed = try TrainAnswer(try await alambic.run(Self.arguments(options, out: "killed")))
      #expect(resumed.checkpoint == uninterrupted.checkpoint)
      #expect(resumed.history == uninterrupted.history)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!left.contains("killed.partial"))
      // What a kill left under a temporary name is gone with the next run's first file.
      #expect(!left.contains(where: UnfinishedFiles.isTemporary), "\(left)")
      try HostileCount.note("kill", of: "train", killCount)
    }
  }

  /// Windows so small that a second has room for many more steps than warm-up has.
  private static let timed = "--batch 1 --window 8 --evaluate-every 100000"

  @Test("a run by time is a run of so many steps, and these give the same bytes")
  func minutes() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let timed = try TrainAnswer(
        try await alambic.run(Self.arguments("\(Self.timed) --minutes 0.05", out: "timed")))
      let steps = timed.settings.stepCount
      #expect(steps > 100 && timed.history.last?.step == steps)
      let counted = try TrainAnswer(
        try await alambic.run(Self.arguments("\(Self.timed) --steps \(steps)", out: "counted")))
      #expect(counted.checkpoint == timed.checkpoint)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/timed.plan"))
    }
  }

  @Test("a run by time that was killed goes on to the steps that it began with")
  func killedMinutes() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let arguments = Self.arguments("\(Self.timed) --minutes 0.1 --save-every 0.02", out: "timed")
      _ = try await alambic.run(arguments, .killed) {
        let end = ContinuousClock.now + .seconds(30)
        while !FileManager.default.fileExists(atPath: "\(folder)/timed.plan"), .now < end {
          try await Task.sleep(for: .milliseconds(5))
        }
      }
      let plan = try JSONSerialization.jsonObject(with: Data(try AtomicFile.read("\(folder)/timed.plan")))
      let planned = ((plan as? [String: Any])?["settings"] as? [String: Any])?["step_count"] as? Int
      #expect(try TrainAnswer(try await alambic.run(arguments)).settings.stepCount == planned)
    }
  }

  @Test("several segmentations are trained on, and bytes have none")
  func segmentations() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--steps 20 --batch 4 --window 32 --vocabulary learned"
      let plain = try TrainAnswer(try await alambic.run(Self.arguments(options, out: "plain")))
      let varied = try TrainAnswer(
        try await alambic.run(Self.arguments("\(options) --segmentation-dropout 0.2", out: "varied")))
      #expect(plain.checkpoint != varied.checkpoint && plain.heldOutWindowCount == varied.heldOutWindowCount)
      expect(
        try await alambic("train --data text.txt --split windows --out x --segmentation-dropout 0.2"),
        is: .refusal(
          64, "segmentation dropout passes strings of a vocabulary over, and the tokens of this run are bytes",
          hint: "train with a learned vocabulary, or leave it out"))
    }
  }

  @Test("a twin is trained first, and kept for the next run that learns from it")
  func twin() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "--preset atome-6kb --steps 20 --batch 4 --window 32 --evaluate-every 10"
      let alone = try TrainAnswer(try await alambic.run(Self.arguments(options, out: "alone")))
      let taught = try TrainAnswer(try await alambic.run(Self.arguments("\(options) --twin 0.5", out: "taught")))
      #expect(taught.checkpoint != alone.checkpoint)
      let twin = try ContentID(ofFile: "\(folder)/taught.twin")
      let other = try TrainAnswer(try await alambic.run(Self.arguments("\(options) --twin 0.9", out: "taught")))
      #expect(other.checkpoint != taught.checkpoint)
      #expect(try ContentID(ofFile: "\(folder)/taught.twin") == twin)
      let refused = try await alambic("talk taught.twin --prompt a")
      #expect(refused.status == 64 && refused.standardError.contains("no engine runs"))
    }
  }

  @Test("what cannot be trained is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      try Self.writeText(to: folder)
      try AtomicFile.write("garbage\n", to: "\(folder)/short.txt")
      let train = AlambicCommand(in: folder)
      let missing = "check the path; relative paths start at the current folder"
      let refusals: [(String, AlambicCommand.Outcome)] = [
        (
          "train",
          .refusal(64, "train needs either a corpus or --data", hint: "for example `alambic train thermostat`")
        ),
        (
          "train --data text.txt",
          .refusal(64, "--data needs --out", hint: "name the checkpoint: --out model.checkpoint")
        ),
        ("train --data none.txt --out x", .refusal(65, "no such file: none.txt", hint: missing)),
        (
          "train --data short.txt --out x",
          .refusal(
            65, "the text has 8 tokens, 0 windows of 64; both the training and the held-out part need one",
            hint: "give more text or choose a smaller window")
        ),
        (
          "train --data text.txt --out x --recipe best",
          .refusal(64, "there is no training recipe named 'best'", hint: "recipes: default, published, adamw, compact")
        ),
        (
          "train --data text.txt --out x --threads 0",
          .refusal(64, "--threads is 0, outside 1…1024", hint: "choose a value in that range")
        ),
        (
          "train --data text.txt --out x --steps 0",
          .refusal(
            64, "training settings: step_count is 0, outside 1…100000000",
            hint: "start from a named recipe and change one setting at a time")
        ),
        (
          "train --data text.txt --out x --steps 9 --minutes 5",
          .refusal(64, "--steps and --minutes both say how long a run is", hint: "give one of them")
        ),
        (
          "train --data text.txt --split windows --out x --batch 65536 --minutes 0.02",
          .refusal(
            64, "0.02 minutes have room for 0 steps, and the rate rises for 100",
            hint: "give more minutes, a smaller batch or window, or say --steps")
        ),
      ]
      for (line, refusal) in refusals { expect(try await train(line), is: refusal) }
      for minutes in ["0", "-1", "43201", "nan", "inf"] {
        let outcome = try await train("train --data text.txt --out x --minutes=\(minutes)")
        #expect(outcome.status == 64 && outcome.standardError.contains("outside 0.017…43200"), "\(outcome)")
      }
    }
  }
}

@Suite("alambic train, on TinyStories", .needsSharedData)
struct TrainingQualityTests {
  @Test("the published recipe reaches 2.75 bits per byte, and the default recipe is better")
  func recipes() async throws {
    let text = try #require(SharedData.path("tinystories/sample.txt"))
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      func train(_ recipe: String) async throws -> TrainAnswer {
        try TrainAnswer(
          try await alambic.run([
            "train", "--data", text, "--split", "windows", "--preset", "atome-60k", "--recipe", recipe, "--steps",
            "3000", "--batch", "16",
            "--window", "64", "--seed", "0", "--out", "\(recipe).checkpoint", "--json", "--quiet",
          ]))
      }
      let published = try await train("published")
      #expect(published.bitsPerByte <= 2.75)
      let standard = try await train("default")
      #expect(standard.bitsPerByte < published.bitsPerByte)
      // The image that is exported predicts the held-out windows as well as training said.
      let exported = try await alambic("export default.checkpoint --out default.atome --quiet")
      #expect(exported == AlambicCommand.Outcome(status: 0))
      let whole = try AtomicFile.read(text)
      let windowCount = whole.count / 64
      let heldOut = whole[(windowCount * 9 / 10 * 64)..<(windowCount * 64)]
      try AtomicFile.write(heldOut, to: "\(folder)/held-out.txt")
      let evaluated = try await alambic("evaluate default.atome --data held-out.txt --window 64 --json").json()
      let bitsPerByte = try #require(evaluated["bitsPerByte"] as? Double)
      #expect(abs(bitsPerByte - standard.bitsPerByte) < 1e-3)
      // And its integer forms predict them nearly as well.
      for (cache, allowed) in [("int16", 0.01), ("int8", 0.03)] {
        let integer =
          "export default.checkpoint --format integer --cache \(cache) --calibrate held-out.txt --out i.atome"
        let answer = try await alambic("\(integer) --json --quiet").json()
        let float = try #require(answer["floatBitsPerByte"] as? Double)
        let cost = try #require(answer["integerBitsPerByte"] as? Double) - float
        #expect(cost <= allowed, "\(cache)")
      }
    }
  }
}
