import ArgumentParser
import Basics
import Console
import Conversation
import Formats
import Foundation
import Lineage
import Model
import Workbench

/// `alambic evaluate`: how well a model predicts a text, or how often a corpus's student answers rightly.
struct EvaluateCommand: PartedCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on a text, or a corpus's student on its questions.",
    discussion: """
      The text is cut into windows that do not overlap: as long as those that the model was trained
      in, or 64 where its file does not say. Each starts from an empty state, and its predictions
      count from its second token on; bits are said per byte of text. A checkpoint works too; with
      --int8, a GPT's weights are first rounded to eight bits, and the flash that they take is
      counted. A llama2.c model predicts tokens of its own, of which every one counts: without
      --window in sequences as long as its positions, with it in windows of so many bytes.

      --calibration asks instead what the routers' entropy says of the predictions, beside the
      softmax: see docs/reference/router-entropy.md, which --page writes.

      Without --data the name is a corpus: its student is asked the questions of the recipe's
      `task`, and the score is the share of answers that are wholly right. A part of them is asked
      again on an emulated core, which has to reply the same bytes. --model asks another model the
      same questions, and no emulated core: an image through the C engine, a GPT's checkpoint in
      Swift.

      EXAMPLES
        alambic evaluate thermostat
        alambic evaluate thermostat --by-label
        alambic evaluate thermostat --model other.atome --json
        alambic evaluate model.atome --data held-out.txt
        alambic evaluate model.atome --data held-out.txt --calibration
        alambic evaluate foreign.atome --preset atome-944k --data held-out.txt --json
        alambic evaluate stories260K.bin --tokenizer tok512.bin --data held-out.txt
        alambic evaluate baseline.checkpoint --int8 --data held-out.txt
        alambic evaluate model.atome --data huge.txt --output score --part 3/16
        alambic evaluate model.atome --data huge.txt --output score --merge 16
      """.paragraphs)

  @OptionGroup var image: ImageOptions
  @Option(help: ArgumentHelp("The text to predict.", valueName: "file"), completion: .file())
  var data: String?
  @Option(
    help: ArgumentHelp("With a corpus: an image or a checkpoint to ask instead of its student.", valueName: "file"),
    completion: .file())
  var model: String?
  @Option(
    help: ArgumentHelp(
      "Tokens in a window, which are bytes without a vocabulary; also what attention sees "
        + "(default: the model's own, else 64).",
      valueName: "count"))
  var window: Int?
  @Flag(help: "Round a GPT checkpoint's weights to eight bits, one scale a row.")
  var int8 = false
  @Flag(help: "With a corpus: also show its held-out requests by label.")
  var byLabel = false
  @Option(
    help: ArgumentHelp("The file is a llama2.c model, and these are its tokens.", valueName: "file"),
    completion: .file())
  var tokenizer: String?
  @Option(
    help: """
      The engine: the Swift reference, or the C engine (slower here); the bits are the same \
      (default: swift; of a corpus's questions the one that is shipped).
      """)
  var engine: HostEngine?
  @Option(help: ArgumentHelp("Threads; the answer does not depend on it.", valueName: "count"))
  var threads: Int?
  @Option(help: ArgumentHelp("Read only so many bytes of each text.", valueName: "bytes"))
  var first: Int?
  @Option(
    help: ArgumentHelp("With --data: a folder for evaluation.json, which is what --json prints.", valueName: "folder"),
    completion: .directory)
  var output: String?
  @Option(
    help: ArgumentHelp(
      "With --data and --output: evaluate one part of N, into a folder of its own below the output; `auto` or `auto/N` "
        + "takes it from the array job.", valueName: "I/N"))
  var part: String?
  @Option(
    help: ArgumentHelp(
      "With --data and --output: run no model, but add up what so many parts left, as one machine would.",
      valueName: "count"))
  var merge: Int?
  @OptionGroup var calibration: CalibrationOptions
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.evaluate/1"
    var bitsPerByte: Double
    var perplexity: Double
    var byteCount: Int
    var window: Int
    /// What windows are counted in.
    var windowUnit: TextEvaluation.Unit
    /// Of the whole text; absent for a model whose tokens are its own.
    var tokenCount: Int?
    /// Bytes of the text that no token stands for.
    var unknownByteCount: Int
    /// Absent where tokens are bytes.
    var vocabulary: VocabularySummary?
    var image: ContentID
    /// With `--int8`: what weights and vocabulary take of flash.
    var int8ByteCount: Int?
  }

  /// Without a text, the name is a corpus's, whose student is scored as its recipe says.
  private func evaluateCorpus() async throws {
    guard !FileManager.default.fileExists(atPath: image.file) else {
      throw HintedError("--data is missing", hint: "name a text: --data held-out.txt", status: .usage)
    }
    try refuseTextOptions()
    if let model { return try show(try await score(of: model)) }
    guard !int8, engine == nil else {
      throw HintedError(
        "\(int8 ? "--int8" : "--engine") is for a model; the corpus's own student is asked as it is shipped",
        hint: "name one with --model", status: .usage)
    }
    let renderer = EventRenderer(common)
    let pipeline = try Workbench(workspace: common.place).pipeline(
      image.file, options: Pipeline.Options(threadCount: threads)
    ) { renderer.show($0) }
    let receipt = try await pipeline.run(only: .evaluate)
    guard let path = receipt.outputs.first(where: { $0.kind == .score })?.path.map(common.place.absolute) else {
      throw HintedError("`evaluate` left no score", status: .internalFault)
    }
    try show(try Score(reading: try AtomicFile.read(path), name: path))
  }

  /// A foreign model's answers: nothing is kept, since no step of the corpus made it.
  private func score(of path: String) async throws -> Score {
    let exam = try await Workbench(workspace: common.place).exam(of: image.file, for: "evaluate --model")
    let file = try ModelFile(reading: path, shape: try image.shapeOptions.requestedShape())
    let loaded = try file.runnable()
    let model = int8 ? try loaded.roundedToInt8() : loaded
    common.printer.say("asking \(path)")
    return try await exam.score(of: model, on: engine, threadCount: threads)
  }

  private func show(_ score: Score) throws {
    if common.json { return Output.text(try score.json) }
    Output.text(ScoreTable.text(score) + (byLabel ? "\n\n\(try ScoreTable.labels(of: score))" : ""))
  }

  /// Questions have no windows: nothing given may be passed over.
  private func refuseTextOptions() throws {
    let given = [
      ("--window", window != nil), ("--first", first != nil), ("--tokenizer", tokenizer != nil),
      ("--calibration", calibration.calibration), ("--output", output != nil), ("--part", part != nil),
      ("--merge", merge != nil),
    ]
    guard let first = given.first(where: \.1) else { return }
    throw HintedError(
      "\(first.0) is for a text; a corpus's student is asked questions",
      hint: "leave it out, or name a text with --data",
      status: .usage)
  }

  func run() async throws {
    try Limits.checkThreads(threads)
    guard let data else { return try await evaluateCorpus() }
    guard model == nil else {
      throw HintedError(
        "--model is for a corpus's questions; with --data the file itself is measured", hint: "leave one of them out",
        status: .usage)
    }
    guard !byLabel else {
      throw HintedError(
        "--by-label is for a corpus's questions; a text has no labels", hint: "leave it out, or name no text",
        status: .usage)
    }
    if let window { try Limits.check("--window", window, in: 2...65_536) }
    let engine = engine ?? .swift
    if let first { try Limits.check("--first", first, in: 2...1 << 40) }
    try calibration.check(engine)
    if calibration.calibration {
      guard output == nil else {
        throw HintedError("--calibration does not go with --output", hint: "leave one of them out", status: .usage)
      }
      return try await calibration.run(
        try image.load(), data: data, first: first, window: window, threadCount: threads, json: common.json)
    }
    let subject = try subject(data)
    var request = EvaluationRequest(window: window, engine: engine, threadCount: threads)
    if let part {
      let part = try PartName.part(named: part, environment: ProcessInfo.processInfo.environment)
      return try await evaluate(part, subject, request)
    }
    if let merge, let output {
      request.deal = try parts(in: output, subject).merged(merge) { common.printer.say($0) }
    }
    let model = subject.model
    let result = try await model.evaluation(of: subject.text, request)
    let evaluation = result.evaluation
    let answer = Answer(
      bitsPerByte: evaluation.bitsPerByte, perplexity: evaluation.perplexity, byteCount: evaluation.byteCount,
      window: result.window, windowUnit: result.unit, tokenCount: result.tokenCount,
      unknownByteCount: result.unknownByteCount,
      vocabulary: VocabularySummary(model.vocabulary), image: model.id, int8ByteCount: result.int8ByteCount)
    if let output { try AtomicFile.write(CanonicalJSON.pretty(answer), to: "\(output)/evaluation.json") }
    if common.json {
      try Output.json(answer)
    } else {
      Output.text(
        """
        bits per byte  \(evaluation.bitsPerByte.rounded(toPlaces: 4))
        perplexity     \(evaluation.perplexity.rounded(toPlaces: 3))
        bytes          \(ReadableUnits.count(evaluation.byteCount)) predicted, in \(result.windowText)
        """)
      if let vocabulary = VocabularySummary(model.vocabulary) {
        Output.text("vocabulary     \(vocabulary.text), \(ReadableUnits.count(result.unknownByteCount)) bytes unknown")
      }
      if let count = result.int8ByteCount { Output.text("flash          \(ReadableUnits.count(count)) bytes") }
    }
  }
}

extension HostEngine: ExpressibleByArgument {}
