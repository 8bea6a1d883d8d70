import ArgumentParser
import Basics
import Lineage
import Model
import Workbench

/// `alambic evaluate`: how well a model predicts a text, in bits per byte.
struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model on a text, in bits per byte.",
    discussion: """
      The text is cut into windows that do not overlap. Each starts from an empty state, and
      its predictions count from its second byte on.

      --calibration asks instead what the routers' entropy says of the predictions, beside the
      softmax: see docs/reference/router-entropy.md, which --page writes.

      EXAMPLES
        alambic evaluate model.atome --data held-out.txt
        alambic evaluate model.atome --data held-out.txt --calibration
        alambic evaluate foreign.atome --preset atome-944k --data held-out.txt --json
      """)

  @OptionGroup var image: ImageOptions
  @Option(help: ArgumentHelp("The text to predict.", valueName: "file"), completion: .file())
  var data: String
  @Option(help: ArgumentHelp("Bytes in a window; also what attention sees.", valueName: "bytes"))
  var window = 64
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
  }

  func run() async throws {
    try Limits.check("--window", window, in: 2...65_536)
    try Limits.checkThreads(threads)
    if let first { try Limits.check("--first", first, in: 2...1 << 40) }
    try calibration.check(engine)
    let image = try image.load()
    if calibration.calibration {
      return try await calibration.run(
        image, data: data, first: first, window: window, threadCount: threads, json: common.json)
    }
    let evaluation = try await image.evaluate(
      on: Array(try AtomicFile.read(data).prefix(first ?? .max)), window: window, engine: engine, threadCount: threads)
    if common.json {
      try Output.json(
        Answer(
          bitsPerByte: evaluation.bitsPerByte, perplexity: evaluation.perplexity, byteCount: evaluation.byteCount,
          window: window, image: image.id))
    } else {
      Output.text(
        """
        bits per byte  \(evaluation.bitsPerByte.rounded(toPlaces: 4))
        perplexity     \(evaluation.perplexity.rounded(toPlaces: 3))
        bytes          \(ReadableUnits.count(evaluation.byteCount)) predicted, in windows of \(window)
        """)
    }
  }
}

extension HostEngine: ExpressibleByArgument {}
