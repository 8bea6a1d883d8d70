import ArgumentParser
import Basics
import Conversation
import Formats
import Foundation
import Lineage
import Model
import Workbench

/// `alambic evaluate`: how well a model predicts a text, or how often a corpus's student answers rightly.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on a text, or a corpus's student on its questions.",
    discussion: """
      The text is cut into windows that do not overlap. Each starts from an empty state, and
      its predictions count from its second byte on. A checkpoint works too; with --int8, a GPT's
      weights are first rounded to eight bits, and the flash that they take is counted. A llama2.c
      model predicts tokens, of which every one counts: without --window in sequences as long as
      its positions, with it in windows of so many bytes.

      --calibration asks instead what the routers' entropy says of the predictions, beside the
      softmax: see docs/reference/router-entropy.md, which --page writes.

      Without --data the name is a corpus: its student is asked the questions of the recipe's
      `task`, and the score is the share of answers that are wholly right.

      EXAMPLES
        alambic evaluate thermostat
        alambic evaluate model.atome --data held-out.txt
        alambic evaluate model.atome --data held-out.txt --calibration
        alambic evaluate foreign.atome --preset atome-944k --data held-out.txt --json
        alambic evaluate stories260K.bin --tokenizer tok512.bin --data held-out.txt
        alambic evaluate baseline.checkpoint --int8 --data held-out.txt
      """)

  @OptionGroup var image: ImageOptions
  @Option(help: ArgumentHelp("The text to predict.", valueName: "file"), completion: .file())
  var data: String?
  @Option(
    help: ArgumentHelp(
      "Bytes in a window; also what attention sees. 64, or the window of a GPT's training.", valueName: "bytes"))
  var window: Int?
  @Flag(help: "Round a GPT checkpoint's weights to eight bits, one scale a row.")
  var int8 = false
  @Option(
    help: ArgumentHelp("The file is a llama2.c model, and these are its tokens.", valueName: "file"),
    completion: .file())
  var tokenizer: String?
  @Option(help: "The engine: the Swift reference, or the C engine (slower here); the bits are the same.")
  var engine = HostEngine.swift
  @Option(help: ArgumentHelp("Threads; the answer does not depend on it.", valueName: "count"))
  var threads: Int?
  @Option(help: ArgumentHelp("Read only so many bytes of each text.", valueName: "bytes"))
  var first: Int?
  @OptionGroup var calibration: CalibrationOptions
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.evaluate/1"
    var bitsPerByte: Double
    var perplexity: Double
    var byteCount: Int
    var window: Int
    var image: ContentID
    /// With `--int8`: what the weights take of flash.
    var int8ByteCount: Int?
  }

  /// Without a text, the name is a corpus's, whose student is scored as its recipe says.
  private func evaluateCorpus() async throws {
    guard !FileManager.default.fileExists(atPath: image.file) else {
      throw HintedError("--data is missing", hint: "name a text: --data held-out.txt", status: .usage)
    }
    let renderer = EventRenderer(common)
    let pipeline = try Workbench(workspace: common.place).pipeline(
      image.file, options: Pipeline.Options(threadCount: threads)
    ) { renderer.show($0) }
    let receipt = try await pipeline.run(only: .evaluate)
    guard let path = receipt.outputs.first(where: { $0.kind == .score })?.path.map(common.place.absolute) else {
      throw HintedError("`evaluate` left no score", status: .internalFault)
    }
    let score = try Score(reading: try AtomicFile.read(path), name: path)
    if common.json { Output.text(try score.json) } else { Output.text(ScoreTable.text(score)) }
  }

  func run() async throws {
    guard let data else { return try await evaluateCorpus() }
    if let window { try Limits.check("--window", window, in: 2...65_536) }
    try Limits.checkThreads(threads)
    if let first { try Limits.check("--first", first, in: 2...1 << 40) }
    try calibration.check(engine)
    if calibration.calibration {
      return try await calibration.run(
        try image.load(), data: data, first: first, window: window ?? 64,
        threadCount: threads, json: common.json)
    }
    let loaded = try image.loadModel(tokenizer: tokenizer)
    let model = int8 ? try loaded.roundedToInt8() : loaded
    let result = try await model.evaluation(
      of: Array(try AtomicFile.read(data).prefix(first ?? .max)),
      EvaluationRequest(window: window, engine: engine, threadCount: threads))
    let evaluation = result.evaluation
    if common.json {
      try Output.json(
        Answer(
          bitsPerByte: evaluation.bitsPerByte, perplexity: evaluation.perplexity, byteCount: evaluation.byteCount,
          window: result.window, image: model.id, int8ByteCount: result.int8ByteCount))
    } else {
      Output.text(
        """
        bits per byte  \(evaluation.bitsPerByte.rounded(toPlaces: 4))
        perplexity     \(evaluation.perplexity.rounded(toPlaces: 3))
        bytes          \(ReadableUnits.count(evaluation.byteCount)) predicted, in windows of \(result.window)
        """)
      if let count = result.int8ByteCount { Output.text("flash          \(ReadableUnits.count(count)) bytes") }
    }
  }
}

extension HostEngine: ExpressibleByArgument {}
