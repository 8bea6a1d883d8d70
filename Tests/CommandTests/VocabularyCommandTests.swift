import Basics
import Foundation
import TestSupport
import Testing

/// A text of lines, and one to hold out whose tokens fill whole windows: no token lies across a line end, so its equal
/// lines have equally many.
private enum Lines {
  static func write(to folder: String) throws {
    var generator = SeededGenerator(seed: 5)
    let words = ["the", "kitchen", "is", "warm", "set", "to", "twenty", "degrees", "and", "hall", "cold", "now"]
    let lines = (0..<1200).map { _ in
      "> " + (0..<5).map { _ in words[generator.below(words.count)] }.joined(separator: " ")
    }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: "\(folder)/text.txt")
    try AtomicFile.write(String(repeating: heldOutLine, count: 64), to: "\(folder)/held.txt")
  }

  static let heldOutLine = "> the hall is cold and the kitchen is warm\n"
}

private struct Trained: Decodable {
  struct Vocabulary: Decodable, Equatable {
    var id: ContentID
    var stringCount: Int
  }
  var bitsPerByte: Double
  var vocabulary: Vocabulary?
}

private struct Evaluated: Decodable {
  var bitsPerByte: Double
  var byteCount: Int
  var window: Int
  var windowUnit: String
  var tokenCount: Int
  var unknownByteCount: Int
  var vocabulary: Trained.Vocabulary?
  var int8ByteCount: Int?
}

private struct Learned: Decodable {
  struct Bench: Decodable {
    struct Rounds: Decodable { var count: Int }
    var vocabulary: Trained.Vocabulary?
    var byteCount: Int
    var tokenCount: Int
    var learningSeconds: Rounds
  }
  var bench: Bench
}

@Suite("vocabularies on the command line")
struct VocabularyCommandTests {
  private func answer<Answer: Decodable>(_ alambic: AlambicCommand, _ line: String) async throws -> Answer {
    let outcome = try await alambic.run(line.split(separator: " ").map(String.init))
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.standardOutput.utf8))
  }

  private static func train(_ preset: String, _ alambic: AlambicCommand) async throws -> Trained {
    let line = "train --data text.txt --held-out held.txt --preset \(preset) --steps 60 --batch 8 --window 32 --json"
    let outcome = try await alambic.run(
      line.split(separator: " ").map(String.init)
        + ["--vocabulary", "learned", "--mark", "> ", "--quiet", "--out", "model"])
    #expect(outcome.status == 0, "\(outcome)")
    return try JSONDecoder().decode(Trained.self, from: Data(outcome.standardOutput.utf8))
  }

  @Test(
    "a checkpoint with a vocabulary is measured in its own windows of tokens, and says what training said",
    arguments: ["atome-60k", "gpt-6k"])
  func evaluation(preset: String) async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      let trained = try await Self.train(preset, alambic)
      let vocabulary = try #require(trained.vocabulary)
      #expect(vocabulary.stringCount > 8)
      let own: Evaluated = try await answer(alambic, "evaluate model --data held.txt --json")
      #expect(own.window == 32 && own.windowUnit == "tokens" && own.unknownByteCount == 0)
      #expect(own.vocabulary == vocabulary && own.int8ByteCount == nil)
      // Trained and exported weights are the same; sums are rounded otherwise.
      #expect(abs(own.bitsPerByte - trained.bitsPerByte) < 1e-4, "\(own) \(trained)")
      // All bytes but the first token of each window: fewer than tokens would be.
      #expect(own.byteCount < 64 * Lines.heldOutLine.utf8.count && own.byteCount > 32 * Lines.heldOutLine.utf8.count)
      // The text is whole windows of equal lines.
      #expect(own.tokenCount.isMultiple(of: 64) && own.tokenCount < 32 * Lines.heldOutLine.utf8.count)
      let shorter: Evaluated = try await answer(alambic, "evaluate model --data held.txt --window 8 --json")
      #expect(shorter.window == 8 && shorter.byteCount < own.byteCount)
      let text = try await alambic("evaluate model --data held.txt")
      #expect(text.standardOutput.contains(" predicted, in windows of 32 tokens\n"))
      #expect(text.standardOutput.contains("vocabulary     \(vocabulary.stringCount) strings (\(vocabulary.id.short))"))
    }
  }

  @Test("a GPT with a vocabulary is rounded to eight bits, and its vocabulary counts as flash")
  func int8() async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      _ = try await Self.train("gpt-6k", alambic)
      let float: Evaluated = try await answer(alambic, "evaluate model --data held.txt --json")
      let rounded: Evaluated = try await answer(alambic, "evaluate model --data held.txt --int8 --json")
      #expect(rounded.byteCount == float.byteCount && rounded.bitsPerByte != float.bitsPerByte)
      #expect(abs(rounded.bitsPerByte - float.bitsPerByte) < 0.05)
      _ = try await alambic(
        "train --data text.txt --preset gpt-6k --steps 1 --batch 8 --window 32 --quiet --out bytes")
      let bytes: Evaluated = try await answer(alambic, "evaluate bytes --data held.txt --int8 --json")
      #expect(bytes.vocabulary == nil && bytes.windowUnit == "bytes")
      let difference = try #require(rounded.int8ByteCount) - #require(bytes.int8ByteCount)
      #expect((52...1024).contains(difference) && difference.isMultiple(of: 4), "\(difference)")
    }
  }

  @Test("models with a vocabulary talk, with the exact bytes", arguments: ["atome-60k", "gpt-6k"])
  func talk(preset: String) async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      _ = try await Self.train(preset, alambic)
      let answer = try await alambic.run(["talk", "model", "--prompt", "> the kit", "--bytes", "40", "--json"]).json()
      let text = try #require(answer["text"] as? String)
      // Both prompts are cut inside a word; what comes is of the text's words.
      #expect(text.utf8.count == 40 && "the kit\(text)".hasPrefix("the kitchen"), "\(text)")
    }
  }

  @Test("an exported image says its window and its vocabulary")
  func image() async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      let trained = try await Self.train("atome-60k", alambic)
      #expect(try await alambic("export model --out model.atome").status == 0)
      let own: Evaluated = try await answer(alambic, "evaluate model.atome --data held.txt --json")
      #expect(own.window == 32 && own.windowUnit == "tokens" && own.vocabulary == trained.vocabulary)
      #expect(abs(own.bitsPerByte - trained.bitsPerByte) < 1e-4)
      let study = try await alambic(
        "evaluate model.atome --data held.txt --calibration --resamples 20 --json"
      ).json()
      let inner = try #require(study["window"] as? Int)
      #expect(inner == 32 && study["windowUnit"] as? String == "tokens")
    }
  }

  @Test("bench learns the vocabulary that training learns, and encodes as evaluate does")
  func bench() async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      let trained = try await Self.train("gpt-6k", alambic)
      let size = try AtomicFile.read("\(folder)/text.txt").count
      let line = "bench --vocabulary text.txt --rounds 2 --json --bytes"
      func bench(_ byteCount: Int) async throws -> Learned.Bench {
        let outcome = try await alambic.run(
          line.split(separator: " ").map(String.init) + ["\(byteCount)", "--mark", "> "])
        #expect(outcome.status == 0, "\(outcome)")
        return try JSONDecoder().decode(Learned.self, from: Data(outcome.standardOutput.utf8)).bench
      }
      let once = try await bench(size)
      #expect(once.vocabulary == trained.vocabulary && once.byteCount == size && once.learningSeconds.count == 2)
      let evaluated: Evaluated = try await answer(alambic, "evaluate model --data text.txt --json")
      #expect(once.tokenCount == evaluated.tokenCount)
      // The text ends with its line, so that a second time is encoded as the first.
      #expect(try await bench(2 * size).tokenCount == 2 * once.tokenCount)
      #expect(try await alambic("bench --vocabulary text.txt --rounds 1").standardOutput.contains("encoding, MB/s"))
      try AtomicFile.write([], to: "\(folder)/empty.txt")
      #expect(try await alambic("bench --vocabulary empty.txt").status == 64)
    }
  }

  @Test("the result line names the vocabulary, and a text's tokens are bytes unless one asks")
  func resultLine() async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      let options = "train --data text.txt --steps 2 --batch 2 --window 16 --out"
      let learned = try await alambic("\(options) a --vocabulary learned")
      #expect(learned.status == 0 && learned.standardError.contains("· vocabulary of "), "\(learned)")
      #expect(!learned.standardError.contains("unknown"), "\(learned)")
      // 0xFF is given away first: to be unknown.
      let line: [UInt8] = [0xFF] + Array(" is warm\n".utf8)
      try AtomicFile.write((0..<20).flatMap { _ in line }, to: "\(folder)/strange.txt")
      let strange = try await alambic("\(options) d --vocabulary learned --held-out strange.txt")
      #expect(strange.status == 0 && strange.standardError.contains(" held-out bytes unknown"), "\(strange)")
      let plain = try await alambic("\(options) b")
      #expect(plain.status == 0 && !plain.standardError.contains("vocabulary"), "\(plain)")
      let bytes = try await alambic("\(options) c --vocabulary bytes")
      #expect(bytes.status == 0)
      #expect(try AtomicFile.read("\(folder)/b") == AtomicFile.read("\(folder)/c"))
    }
  }

  @Test("marks without a vocabulary, and beside a corpus, are refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      try Lines.write(to: folder)
      let alambic = AlambicCommand(in: folder)
      let train = ["train", "--data", "text.txt", "--out", "x"]
      expect(
        try await alambic.run(train + ["--mark", "> "]),
        is: .refusal(
          64, "--mark is for a learned vocabulary; bytes merge nothing", hint: "add --vocabulary learned"))
      expect(
        try await alambic.run(train + ["--vocabulary", "learned", "--mark", " "]),
        is: .refusal(
          64, "--mark ' ' has no byte but spaces", hint: "name the sign itself, for example --mark \"> \""))
      let corpus = try await alambic.run(["train", "thermostat", "--mark", "> "])
      #expect(corpus.status == 64 && corpus.standardError.contains("--mark is for --data"), "\(corpus)")
    }
  }
}
