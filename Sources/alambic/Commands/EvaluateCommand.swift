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

      EXAMPLES
        alambic evaluate model.atome --data held-out.txt
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
    let image = try image.load()
    let evaluation = try await image.evaluate(
      on: try AtomicFile.read(data), window: window, engine: engine, threadCount: threads)
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
