import Basics
import Formats
import Foundation
import Lineage
import Model
import TestSupport
import Testing

@Suite("alambic evaluate", .needsSharedData)
struct EvaluateCommandTests {
  private struct Answer: Decodable, Equatable {
    var schema: String
    var bitsPerByte: Double
    var perplexity: Double
    var byteCount: Int
    var window: Int
    var image: ContentID
  }

  @Test("both engines give what a plain sum over the text gives", arguments: PublishedImage.all)
  func plainSum(image: PublishedImage) async throws {
    let text = Array(try AtomicFile.read(try #require(SharedData.path("tinystories/valid.txt"))).prefix(500))
    let expected = try Self.bits(of: text, window: 64, image)
    try await withTemporaryFolder { folder in
      try AtomicFile.write(text, to: "\(folder)/text.txt")
      var answers: [Answer] = []
      for options in [["--engine", "swift", "--threads", "1"], ["--engine", "swift"], ["--engine", "c"]] {
        let outcome = try await AlambicCommand(in: folder).run(
          ["evaluate"] + image.arguments + ["--data", "text.txt", "--window", "64", "--json"] + options)
        #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
        answers.append(try JSONDecoder().decode(Answer.self, from: Data(outcome.standardOutput.utf8)))
      }
      let answer = try #require(answers.first)
      #expect(answers.allSatisfy { $0 == answer })
      #expect(answer.schema == "alambic.evaluate/1" && answer.window == 64)
      // Seven whole windows and one of 52 bytes; the first byte of each is not predicted.
      #expect(answer.byteCount == 7 * 63 + 51)
      #expect(abs(answer.bitsPerByte - expected / Double(answer.byteCount)) < 1e-9)
      #expect(answer.perplexity == exp2(answer.bitsPerByte))
      #expect(answer.image == ContentID(of: try AtomicFile.read(image.path)))
    }
  }

  /// -log2 of the softmax, written out, on a fresh engine for each window.
  private static func bits(of text: [UInt8], window: Int, _ image: PublishedImage) throws -> Double {
    let file = try AtomicFile.read(image.path)
    let model = try AtomeImageFile.read(file, name: image.name, shape: image.shape).model
    var bits = 0.0
    for start in stride(from: 0, to: text.count, by: window) {
      var engine = try ReferenceEngine(model: model, contextLength: window)
      for index in start..<min(start + window, text.count) - 1 {
        let logits = engine.step(text[index]).map(Double.init)
        let largest = logits.reduce(-.infinity, max)
        let total = logits.reduce(0) { $0 + exp($1 - largest) }
        bits -= log2(exp(logits[Int(text[index + 1])] - largest) / total)
      }
    }
    return bits
  }

  @Test("a text or a window without a prediction is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write([], to: "\(folder)/empty.txt")
      try AtomicFile.write("x", to: "\(folder)/one.txt")
      func evaluate(_ options: String) async throws -> AlambicCommand.Outcome {
        try await AlambicCommand(in: folder).run(
          ["evaluate"] + PublishedImage.small.arguments + options.split(separator: " ").map(String.init))
      }
      expect(
        try await evaluate("--data one.txt --window 1"),
        is: .refusal(64, "--window is 1, outside 2…65536", hint: "choose a value in that range"))
      expect(
        try await evaluate("--data one.txt --threads 0"),
        is: .refusal(64, "--threads is 0, outside 1…1024", hint: "choose a value in that range"))
      for (name, count) in [("empty.txt", 0), ("one.txt", 1)] {
        expect(
          try await evaluate("--data \(name)"),
          is: .refusal(
            64, "the text has \(count) tokens in windows of 64; a prediction needs two",
            hint: "give a longer text or window"))
      }
      expect(
        try await evaluate("--data none.txt"),
        is: .refusal(
          65, "no such file: none.txt", hint: "check the path; relative paths start at the current folder"))
    }
  }
}

@Suite("alambic evaluate --part")
struct EvaluatePartTests {
  @Test(
    "1, 3 and 16 parts, in any order, add up to the bytes of one machine; damaged and strange ones do not count"
  )
  func parts() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/small.atome")
      // 101 windows, the last of which has one byte and predicts nothing.
      try AtomicFile.write((0..<2001).map { UInt8(97 + $0 * $0 % 23) }, to: "\(folder)/in.txt")
      let alambic = AlambicCommand(in: folder)
      let line = "evaluate small.atome --data in.txt --window 20 --json"
      let alone = try await alambic("\(line) --output alone")
      #expect(alone.status == 0, "\(alone)")
      let expected = try AtomicFile.read("\(folder)/alone/evaluation.json")
      #expect(String(decoding: expected, as: UTF8.self) == alone.standardOutput)
      for count in [1, 3, 16] {
        for part in (1...count).reversed() {
          let outcome = try await alambic("\(line) --output \(count) --part \(part)/\(count)")
          #expect(outcome.status == 0, "\(outcome)")
        }
        #expect(try await alambic("\(line) --output \(count) --merge \(count)") == alone)
        #expect(try AtomicFile.read("\(folder)/\(count)/evaluation.json") == expected)
      }
      // More parts than windows.
      for part in 1...3 {
        #expect(try await alambic("\(line) --first 30 --output few --part \(part)/3").status == 0)
      }
      #expect(
        try await alambic("\(line) --first 30 --output few --merge 3").standardOutput
          == alambic("\(line) --first 30").standardOutput)

      let others = try await alambic("\(line) --output 3 --merge 3 --first 1000")
      #expect(others.status == 75 && others.standardError.contains("of another model or text"), "\(others)")
      let sums = "\(folder)/3/parts/2-of-3/1/sums"
      var bytes = try AtomicFile.read(sums)
      #expect(bytes.count == 34 * 8)
      bytes[7] ^= 1
      try AtomicFile.write(bytes, to: sums)
      let damaged = try await alambic("\(line) --output 3 --merge 3")
      #expect(damaged.status == 75 && damaged.standardError.contains("1 of 3 parts in 3/parts are missing: 2"))
      #expect(try await alambic("\(line) --output 3 --part 2/3").status == 0)
      let mended = try await alambic("\(line) --output 3 --merge 3")
      #expect(mended.standardOutput == alone.standardOutput)
      #expect(mended.standardError.contains("part 2/3, attempt 1: its sums are not those"), "\(mended)")
    }
  }

  @Test("what has no parts is refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let project = try TinyProject(in: folder)
      try AtomicFile.write("text", to: "\(folder)/in.txt")
      for (line, words) in [
        ("evaluate tiny --output out --part 1/3", "--output is for a text"),
        ("evaluate x.atome --data in.txt --part 1/3", "--part needs --output"),
        ("evaluate x.atome --data in.txt --merge 3", "--merge needs --output"),
        ("evaluate x.atome --data in.txt --output out --merge 3 --part 1/3", "exclude each other"),
        ("evaluate x.atome --data in.txt --output out --part 1/3 --calibration", "--calibration does not go with"),
      ] {
        let outcome = try await project(line)
        #expect(outcome.status == 64 && outcome.standardError.contains(words), "\(line): \(outcome)")
      }
    }
  }
}

@Suite("alambic evaluate --calibration")
struct CalibrationCommandTests {
  @Test("figures as JSON, as a table and as a page, the same for any number of threads")
  func figures() async throws {
    try await withTemporaryFolder { folder in
      let image = AtomeImageFile.write(RandomModel.make(seed: 5, shape: RandomModel.small), provenance: nil)
      try AtomicFile.write(image, to: "\(folder)/small.atome")
      try AtomicFile.write((0..<2000).map { UInt8(97 + $0 * $0 % 23) }, to: "\(folder)/in.txt")
      try AtomicFile.write((0..<900).map { UInt8(32 + $0 * 7 % 90) }, to: "\(folder)/out.txt")
      let line = "evaluate small.atome --data in.txt --out-of-domain out.txt --calibration --window 20 --resamples 50"
      let command = AlambicCommand(in: folder)
      let one = try await command("\(line) --first 1000 --threads 1 --json --page page.md")
      #expect(one.status == 0, "\(one)")
      #expect(try await command("\(line) --first 1000 --threads 2 --json") == one)
      #expect(try one.json()["schema"] as? String == "alambic.calibration/2")
      let text = try #require(try one.json()["inDomain"] as? [String: Any])
      let figures = try #require(text["calibration"] as? [String: Any])
      #expect(text["byteCount"] as? Int == 1000 && figures["windowCount"] as? Int == 25)
      #expect(figures["byteCount"] as? Int == 25 * 19)
      // 25 windows are too few for an interval, and for a word about router entropy.
      let shortage = try #require(figures["shortage"] as? [String: Any])
      #expect(shortage["unit"] as? String == "windows" && shortage["count"] as? Int == 25)
      for name in ["bitsPerByte", "routerGain", "riskAreaDifference"] {
        #expect((figures[name] as? [String: Any])?["interval"] is NSNull, "\(name)")
      }
      let few = try await command("\(line) --first 1000").standardOutput
      #expect(few.contains("in.txt: nothing to say of router entropy; too few windows: 25 of 30."), "\(few)")
      let table = try await command(line)
      #expect(table.standardOutput.contains("in.txt: router entropy "))
      let page = String(decoding: try AtomicFile.read("\(folder)/page.md"), as: UTF8.self)
      #expect(page.hasPrefix("# Is router entropy a confidence?\n") && page.contains("| AURC, softmax confidence | "))
    }
  }

  @Test("what has no use is refused")
  func refusals() async throws {
    expect(
      try await AlambicCommand(in: "/")("evaluate none.atome --data none.txt --page a.md"),
      is: .refusal(64, "--page requires --calibration", hint: "add --calibration"))
    expect(
      try await AlambicCommand(in: "/")("evaluate none.atome --data none.txt --calibration --engine c"),
      is: .refusal(
        64, "--calibration needs the Swift engine: the C engine does not show its routers",
        hint: "leave --engine out"))
  }
}
