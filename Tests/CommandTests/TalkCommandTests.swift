import Basics
import Foundation
import TestSupport
import Testing

/// What `talk --json --logits` prints, read by another program.
struct TalkAnswer: Decodable {
  var schema: String
  var engine: String
  var output: [UInt8]
  var text: String
  var logits: [Float]
  var logitBits: [String]

  init(_ image: PublishedImage, _ example: GoldenFile.Case, engine: String, in folder: String) async throws {
    let digits = example.prompt.map { String(format: "%02x", $0) }.joined()
    let outcome = try await AlambicCommand(in: folder).run(
      ["talk"] + image.arguments + [
        "--prompt-hex", digits, "--bytes", "\(example.greedy.count)", "--json", "--logits", "--engine", engine,
      ])
    #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
    self = try JSONDecoder().decode(TalkAnswer.self, from: Data(outcome.standardOutput.utf8))
  }
}

@Suite("alambic talk, on published models")
struct PublishedTalkTests {
  @Test("says what the published engine said, with the same bits from both engines", arguments: PublishedImage.all)
  func golden(image: PublishedImage) async throws {
    try await withTemporaryFolder { folder in
      let cases = try image.golden.cases
      #expect(cases.count == 4)
      for example in cases {
        let swift = try await TalkAnswer(image, example, engine: "swift", in: folder)
        expect(swift, toAgreeWith: example)
        let c = try await TalkAnswer(image, example, engine: "c", in: folder)
        #expect(c.output == swift.output && c.logitBits == swift.logitBits, "\(example.name)")
      }
    }
  }

  @Test("says the same on an emulated core", .needsEmulator, arguments: PublishedImage.all)
  func emulated(image: PublishedImage) async throws {
    try await withTemporaryFolder { folder in
      let example = try #require(try image.golden.cases.first { $0.name == "one_byte_nul" })
      let core = try await TalkAnswer(image, example, engine: "qemu", in: folder)
      expect(core, toAgreeWith: example)
      let swift = try await TalkAnswer(image, example, engine: "swift", in: folder)
      #expect(core.logitBits == swift.logitBits)
    }
  }

  private func expect(_ answer: TalkAnswer, toAgreeWith example: GoldenFile.Case) {
    #expect(answer.schema == "alambic.talk/1")
    #expect(answer.output == example.greedy, "\(example.name)")
    #expect(answer.text == String(decoding: example.greedy, as: UTF8.self))
    #expect(answer.logits.count == 256 && answer.logitBits.count == 256)
    let farthest = zip(answer.logits, example.logits).map { abs($0 - $1) }.max() ?? .infinity
    #expect(farthest <= 1e-4, "\(example.name): a logit is \(farthest) off")
    // Decimal digits must lead back to the very same float.
    #expect(answer.logits.map { String(format: "%08x", $0.bitPattern) } == answer.logitBits)
  }
}

@Suite("alambic talk, in a terminal", .needsSharedData)
struct TalkInputTests {
  @Test("without a prompt, each line of standard input is one, from an empty state")
  func lines() async throws {
    let arguments = try ["talk"] + PublishedImage.large.arguments + ["--bytes", "16", "--json"]
    let talk = AlambicCommand(in: "/")
    let single = try await talk.run(arguments + ["--prompt", "Once upon"])
    let twice = try await talk.run(arguments, input: "Once upon\nOnce upon")
    #expect(single.status == 0 && twice.status == 0)
    #expect(twice.standardOutput == single.standardOutput + single.standardOutput)
  }

  @Test("--context narrows what attention sees, in both engines alike")
  func context() async throws {
    var answers: [[String: String]] = []
    for engine in ["swift", "c"] {
      var answer: [String: String] = [:]
      for context in ["1", "4", "64"] {
        let outcome = try await AlambicCommand(in: "/").run(
          ["talk"] + PublishedImage.large.arguments + [
            "--prompt", "Once upon a time there was", "--context", context, "--engine", engine, "--json", "--logits",
          ])
        let bits = try outcome.json()["logitBits"] as? [String]
        answer[context] = try #require(bits).joined()
      }
      answers.append(answer)
    }
    #expect(answers[0] == answers[1] && Set(answers[0].values).count == 3)
  }
}

@Suite("alambic talk, refusing")
struct TalkRefusalTests {
  @Test("an image that is not what it should be")
  func images() async throws {
    try await withTemporaryFolder { folder in
      let file = try AtomicFile.read(PublishedImage.small.path)
      try AtomicFile.write(file, to: "\(folder)/foreign.atome")
      try AtomicFile.write(file.prefix(1000), to: "\(folder)/short.atome")
      try AtomicFile.write("garbage\n", to: "\(folder)/garbage.atome")
      let talk = AlambicCommand(in: folder)
      expect(
        try await talk("talk foreign.atome --prompt hi"),
        is: .refusal(
          65, "foreign.atome does not say its shape: it has 20575 bytes and no Alambic trailer",
          hint: "if it is a published image, name its shape: --preset atome-60k"))
      expect(
        try await talk("talk foreign.atome --preset atome-944k --prompt hi"),
        is: .refusal(
          65,
          "foreign.atome has 20575 bytes where the shape d_model=256,n_layers=8,d_head=64,top_k=4,kernel=5 needs "
            + "276655: it is truncated, or of another shape", hint: "check the shape, or fetch the file again"))
      expect(
        try await talk("talk short.atome --preset atome-60k --prompt hi"),
        is: .refusal(
          65,
          "short.atome has 1000 bytes where the shape d_model=64,n_layers=4,d_head=16,top_k=4,kernel=5 needs 20575: "
            + "it is truncated, or of another shape", hint: "check the shape, or fetch the file again"))
      expect(
        try await talk("talk garbage.atome --preset atome-60k --prompt hi"),
        is: .refusal(
          65, "garbage.atome is not an .atome image: it does not start with ATOME01 or ATOME02",
          hint: "`alambic inspect garbage.atome` says what it is"))
      expect(
        try await talk("talk none.atome --prompt hi"),
        is: .refusal(
          65, "no such file: none.atome", hint: "check the path; relative paths start at the current folder"))
      expect(
        try await talk("talk . --preset atome-60k --prompt hi"),
        is: .refusal(65, ". is a folder, not a file", hint: "name a file in it"))
    }
  }

  @Test("a shape that cannot be")
  func shapes() async throws {
    expect(
      try await talk("--preset atome-60m --prompt hi"),
      is: .refusal(64, "there is no preset named 'atome-60m'", hint: "presets: atome-54k, atome-60k, atome-944k"))
    expect(
      try await talk("--shape d_model=64 --prompt hi"),
      is: .refusal(
        64, "shape: 'd_model=64' lacks n_layers",
        hint: "a shape reads like d_model=64,n_layers=4,d_head=16,top_k=4,kernel=5"))
    expect(
      try await talk("--preset atome-60k --shape d_model=64,n_layers=4,d_head=16,top_k=4,kernel=5 --prompt hi"),
      is: .refusal(64, "--shape and --preset both name a shape", hint: "give one of them"))
  }

  @Test("a prompt that cannot be read")
  func prompts() async throws {
    let hint = "for example 3e20 for '> '"
    expect(
      try await talk("--preset atome-60k --prompt-hex 3"),
      is: .refusal(64, "--prompt-hex: '3' is not a row of two-digit hexadecimal bytes", hint: hint))
    expect(
      try await talk("--preset atome-60k --prompt-hex zz"),
      is: .refusal(64, "--prompt-hex: 'zz' is not a row of two-digit hexadecimal bytes", hint: hint))
    expect(
      try await talk("--preset atome-60k --prompt hi --prompt-hex 00"),
      is: .refusal(64, "--prompt and --prompt-hex both give a prompt", hint: "give one of them"))
    expect(
      try await talk("--preset atome-60k --prompt hi --reply-mark A:"),
      is: .refusal(64, "--request-mark and --reply-mark are of a dialogue's lines", hint: "add --dialogue"))
    expect(
      try await AlambicCommand(in: "/").run(["talk"] + PublishedImage.small.arguments + ["--prompt", ""]),
      is: .refusal(
        64, "the prompt is empty, and a model says nothing before it has read a byte",
        hint: "give --prompt some text"))
  }

  @Test("a number outside its limits")
  func numbers() async throws {
    let hint = "choose a value in that range"
    expect(
      try await talk("--preset atome-60k --prompt hi --bytes=-1"),
      is: .refusal(64, "--bytes is -1, outside 0…1000000", hint: hint))
    expect(
      try await talk("--preset atome-60k --prompt hi --bytes 1000001"),
      is: .refusal(64, "--bytes is 1000001, outside 0…1000000", hint: hint))
    expect(
      try await talk("--preset atome-60k --prompt hi --context 0"),
      is: .refusal(64, "--context is 0, outside 1…65536", hint: hint))
    expect(
      try await talk("--preset atome-60k --prompt hi --context 65537"),
      is: .refusal(64, "--context is 65537, outside 1…65536", hint: hint))
  }

  private func talk(_ options: String) async throws -> AlambicCommand.Outcome {
    try await AlambicCommand(in: "/").run(
      ["talk", PublishedImage.small.path] + options.split(separator: " ").map(String.init))
  }
}
