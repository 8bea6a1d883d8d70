import Basics
import Firmware
import Foundation
import TestSupport
import Testing

/// Words that are glides of pitch: up is the wake word, others are not. Speakers differ in pitch and speed.
@Suite("alambic wake")
struct WakeCommandTests {
  private static let words: [(name: String, from: Double, to: Double)] = [
    ("up", 1, 2.2), ("down", 2.2, 1), ("level", 1.5, 1.5),
  ]

  private static func wave(_ samples: [Double], rate: Int = 22_050) -> [UInt8] {
    func little(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
    let data = samples.flatMap { little(Int16($0 * 20_000)) }
    var bytes = Array("RIFF".utf8) + little(UInt32(36 + data.count)) + Array("WAVEfmt ".utf8) + little(UInt32(16))
    bytes += little(UInt16(1)) + little(UInt16(1)) + little(UInt32(rate)) + little(UInt32(2 * rate))
    bytes += little(UInt16(2)) + little(UInt16(16)) + Array("data".utf8) + little(UInt32(data.count)) + data
    return bytes
  }

  private static func glide(_ word: (name: String, from: Double, to: Double), pitch: Double, seconds: Double)
    -> [Double]
  {
    var phase = 0.0
    let count = Int(seconds * 22_050)
    return (0..<count).map { index in
      let share = Double(index) / Double(count)
      phase += 2 * .pi * pitch * (word.from + (word.to - word.from) * share) / 22_050
      return 0.5 * (sin(phase) + 0.5 * sin(3 * phase)) * min(1, 20 * min(share, 1 - share))
    }
  }

  private static func writeClips(in folder: String) throws {
    var generator = SeededGenerator(seed: 4)
    for (side, speakerCount) in [("train", 24), ("validate", 12), ("test", 12)] {
      for speaker in 0..<speakerCount {
        let (pitch, seconds) = (450 + 250 * generator.unit(), 0.35 + 0.2 * generator.unit())
        for word in words {
          let path = "\(folder)/clips/\(side)/speaker\(speaker)/\(word.name)/1.wav"
          try AtomicFile.write(wave(glide(word, pitch: pitch, seconds: seconds)), to: path)
        }
      }
    }
  }

  private struct Scores: Decodable, Equatable {
    struct Report: Decodable, Equatable {
      struct Share: Decodable, Equatable {
        var count: Int
        var total: Int
      }
      var recognised: Share
      var falseAccepts: Share
    }
    var schema: String
    var report: Report?
    var heard: [Double]?
    var scores: [Int32]?
  }

  private static func scores(_ outcome: AlambicCommand.Outcome) throws -> Scores {
    try #require(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Scores.self, from: Data(outcome.standardOutput.utf8))
  }

  @Test("hears its word from speakers that it was not trained on, the same in both engines and on a core")
  func whole() async throws {
    try await withTemporaryFolder { folder in
      let alambic = AlambicCommand(in: folder)
      try Self.writeClips(in: folder)
      let dataset = try await alambic("wake dataset clips --word up --copies 3 --out up.jsonl --json")
      let sides = try #require(try dataset.json()["sides"] as? [String: [String: Int]], "\(dataset)")
      #expect(sides["train"] == ["wakeWordCount": 216, "otherCount": 98], "\(sides)")
      let only = try await alambic("wake dataset clips --only test --word up --copies 3 --out test.jsonl --quiet")
      #expect(only.status == 0, "\(only)")
      let lines = String(decoding: try AtomicFile.read("\(folder)/up.jsonl"), as: UTF8.self).split(separator: "\n")
      let alone = String(decoding: try AtomicFile.read("\(folder)/test.jsonl"), as: UTF8.self).split(separator: "\n")
      #expect(alone == lines.filter { $0.contains(#""side":"test""#) })
      let again = try await alambic("wake dataset clips --word up --copies 3 --out again.jsonl")
      #expect(again.status == 0 && again.standardOutput.contains("test: 36 of 'up', 25 others"), "\(again)")
      #expect(try AtomicFile.read("\(folder)/again.jsonl") == AtomicFile.read("\(folder)/up.jsonl"))

      try await stops(alambic, in: folder)
      let train = try await alambic("wake train up.jsonl --steps 400 --false-accepts 0.05 --out up.atome --json")
      let answer = try train.json()
      #expect(train.status == 0 && answer["word"] as? String == "up", "\(train)")
      #expect(answer["memoryByteCount"] as? Int ?? .max < 8192)
      let whole = try await alambic("wake train up.jsonl --steps 400 --false-accepts 0.05 --out whole.atome")
      #expect(whole.status == 0, "\(whole)")
      #expect(try AtomicFile.read("\(folder)/whole.atome") == AtomicFile.read("\(folder)/up.atome"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/up.training"))
      let found = try Self.scores(await alambic("wake score up.jsonl --model up.atome --json"))
      let report = try #require(found.report)
      #expect(report.recognised.total == 36 && report.recognised.count >= 29, "\(report)")
      #expect(report.falseAccepts.total == 25 && report.falseAccepts.count <= 4, "\(report)")
      #expect(found == (try Self.scores(await alambic("wake score up.jsonl --model up.atome --engine swift --json"))))
      let proof = try await alambic("verify up.atome --prompts 4 --bytes 8 --json")
      #expect(proof.status == 0, "\(proof.standardError)")
      try await hears(alambic, in: folder)
    }
  }

  /// Interrupted while it trains; the same command goes on from there.
  private func stops(_ alambic: AlambicCommand, in folder: String) async throws {
    let words = "wake train up.jsonl --steps 400 --false-accepts 0.05 --out up.atome".split(separator: " ")
    let outcome = try await alambic.run(words.map(String.init), .interrupted) {
      try await waitUntil {
        FileManager.default.fileExists(atPath: "\(folder)/up.training/student.progress.jsonl")
      }
    }
    #expect(outcome.status == 75 && outcome.standardError.contains("error: stopped: "), "\(outcome)")
    #expect(FileManager.default.fileExists(atPath: "\(folder)/up.training/student.partial"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/up.atome"))
  }

  /// A recording of three words, of which the second is the wake word.
  private func hears(_ alambic: AlambicCommand, in folder: String) async throws {
    var generator = SeededGenerator(seed: 9)
    func noise(_ seconds: Double) -> [Double] {
      (0..<Int(seconds * 22_050)).map { _ in 0.01 * (generator.unit() - 0.5) }
    }
    let spoken = [1, 0, 2].map { Self.glide(Self.words[$0], pitch: 560, seconds: 0.45) }
    let sound = noise(1) + spoken[0] + noise(1) + spoken[1] + noise(1) + spoken[2] + noise(1)
    try AtomicFile.write(Self.wave(sound), to: "\(folder)/sound.wav")
    let scores = try Self.scores(
      await alambic("wake score sound.wav --model up.atome --json --samples sound.bin"))
    let steps = try #require(scores.scores)
    #expect(steps.count == Int(5.35 * 16_000) / 512)
    let heard = try #require(scores.heard)
    #expect(heard.contains { (2.5...3.3).contains($0) }, "\(heard)")
    let swift = try Self.scores(await alambic("wake score sound.wav --model up.atome --json --engine swift"))
    #expect(swift == scores)
    guard EmulatedCore.requiredTools.allSatisfy(Toolbox().contains) else { return }
    let result = try await runTool(
      "make",
      [
        "-s", "-C", "\(PackageRoot.path)/firmware", "wakeword", "BOARD=mps2-an386", "OUT=\(folder)/core",
        "IMAGE=\(folder)/up.atome", "SETTINGS=\(folder)/up.wake.h", "SAMPLES=\(folder)/sound.bin",
      ], in: folder)
    try #require(result.status == 0, "\(result.messages)")
    let said = String(decoding: try AtomicFile.read("\(folder)/core/wakeword-core.txt"), as: UTF8.self)
    let lines = said.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.map { Int32($0[1]) } == steps)
    let times = lines.indices.filter { lines[$0].count == 3 }.map { Double(($0 + 1) * 512) / 16_000 }
    #expect(times == heard)
  }

  @Test(
    "What does not fit is said with its place",
    arguments: [
      ("dataset none --word up --out x.jsonl", 65, "there is no folder none"),
      ("dataset clips --word left --out x.jsonl", 65, "clips/train needs clips of 'left'"),
      ("dataset partial --word up --out x.jsonl", 65, "partial/test has no .wav file"),
      ("dataset partial --only test --word up --out x.jsonl", 65, "partial/test has no .wav file"),
      ("dataset broken --word up --out x.jsonl", 65, "down/1.wav is not a WAV file"),
      ("dataset silent --word up --out x.jsonl", 65, "down/1.wav is silent"),
      ("dataset clips --word up --copies 0 --out x.jsonl", 64, "--copies is 0"),
      ("train words.jsonl --out x.atome", 65, "words.jsonl:1 is not a record"),
      ("train odd.jsonl --out x.atome", 65, "odd.jsonl:2 is not a record"),
      ("train one.jsonl --out x.atome", 65, "side 'validate' lacks the wake word"),
      ("train one.jsonl --false-accepts 1 --out x.atome", 64, "--false-accepts must be"),
      ("score one.jsonl --model x.atome", 65, "x.wake.json"),
    ])
  func misuse(line: String, status: Int32, message: String) async throws {
    try await withTemporaryFolder { folder in
      let sound = Self.wave(Self.glide(Self.words[0], pitch: 500, seconds: 0.3))
      for side in ["train", "validate", "test"] {
        for word in ["up", "down"] {
          try AtomicFile.write(sound, to: "\(folder)/clips/\(side)/a/\(word)/1.wav")
          if side != "test" { try AtomicFile.write(sound, to: "\(folder)/partial/\(side)/a/\(word)/1.wav") }
          try AtomicFile.write("no sound", to: "\(folder)/broken/\(side)/a/\(word)/1.wav")
          try AtomicFile.write(
            Self.wave(Array(repeating: 0, count: 99)), to: "\(folder)/silent/\(side)/a/\(word)/1.wav")
        }
      }
      let record = #"{"side":"train","word":"up","isWakeWord":true,"end":0,"bytes":"20578ec5"}"# + "\n"
      let other = #"{"side":"train","word":"no","isWakeWord":false,"bytes":"20578ec5"}"# + "\n"
      try AtomicFile.write("up\n", to: "\(folder)/words.jsonl")
      try AtomicFile.write(record + record.replacing("2057", with: "2021"), to: "\(folder)/odd.jsonl")
      try AtomicFile.write(record + other, to: "\(folder)/one.jsonl")
      let outcome = try await AlambicCommand(in: folder)("wake \(line)")
      #expect(outcome.status == status && outcome.standardError.contains(message), "\(outcome)")
    }
  }
}
