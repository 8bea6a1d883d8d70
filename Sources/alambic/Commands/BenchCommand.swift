import ArgumentParser
import Basics
import Console
import Formats
import Foundation
import Lineage
import Training
import Workbench

/// `alambic bench`: how fast this machine runs a model, or trains one.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure how fast this machine runs an image, or trains a shape.",
    discussion: """
      With an image: bytes a second of both engines of this process, reading a text and writing
      on. The engines take turns; the best and the median of the rounds are shown. What a core
      takes is counted, not timed: see docs/reference/engine-cost.md and `alambic fit`.

      With --training: time of a step, and its share of the machine's float32 peak, which is
      measured in the same run.

      EXAMPLES
        alambic bench model.atome
        alambic bench model.atome --bytes 2000 --context 256 --json
        alambic bench --training atome-944k --batch 32 --window 128
      """)

  @Argument(help: ArgumentHelp("An .atome image.", valueName: "file"), completion: .file(extensions: ["atome"]))
  var file: String?
  @OptionGroup var shape: ShapeOptions
  @Option(help: ArgumentHelp("Bytes read, and bytes written, in a round.", valueName: "count"))
  var bytes = 500
  @Option(help: ArgumentHelp("The attention window, in positions.", valueName: "positions"))
  var context = 64
  @Option(help: ArgumentHelp("Rounds, or with --training steps.", valueName: "count"))
  var rounds: Int?
  @Option(
    help: ArgumentHelp("Measure training steps of this shape.", valueName: "preset"),
    completion: .list(AtomeShape.presets.map(\.name) + GPTShape.presets.map(\.name)))
  var training: String?
  @Option(help: ArgumentHelp("With --training: windows in a step.", valueName: "count"))
  var batch = 32
  @Option(help: ArgumentHelp("With --training: bytes in a window.", valueName: "bytes"))
  var window = 128
  @Option(help: ArgumentHelp("With --training: the optimiser and its numbers, as train takes them.", valueName: "name"))
  var recipe = TrainingSettings.standard.recipe
  @Option(help: ArgumentHelp("With --training: threads.", valueName: "count"))
  var threads: Int?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try Limits.check("--bytes", bytes, in: 1...1_000_000)
    try Limits.check("--context", context, in: 1...65_536)
    if let rounds { try Limits.check("--rounds", rounds, in: 1...100_000) }
    try Limits.checkThreads(threads)
    switch (file, training) {
    case (let file?, nil):
      let image = try LoadedImage(path: file, shape: try shape.requestedShape())
      try show(try InferenceBench(image, byteCount: bytes, context: context, roundCount: rounds ?? 7))
    case (nil, let preset?):
      try show(
        try TrainingBench(
          try StudentShape(preset: preset, window: window), settings: try TrainingSettings.recipe(named: recipe),
          batchCount: batch, windowByteCount: window,
          threadCount: threads ?? TrainingHost.defaultThreadCount, stepCount: rounds ?? 20))
    default:
      throw HintedError(
        "bench needs an image or --training, one of them", hint: "for example `alambic bench model.atome`",
        status: .usage)
    }
  }

  private func show(_ bench: InferenceBench) throws {
    if common.json { return try Output.json(InferenceAnswer(bench: bench)) }
    var table = Table([
      ("engine", .left), ("", .left), ("best bytes/s", .right), ("median", .right),
    ])
    for rate in bench.rates {
      let name = "\(rate.engine.rawValue), \(bench.arithmetic)"
      table.add([name, "reading"] + cells(rate.prefill))
      table.add([name, "writing"] + cells(rate.generation))
    }
    let ratio = { (rounds: Rounds) in
      "\(rounds.best.rounded(toPlaces: 2)) (median \(rounds.median.rounded(toPlaces: 2)))"
    }
    Output.text(
      """
      \(table.text)

      c over swift: reading \(ratio(bench.prefillRatio)), writing \(ratio(bench.generationRatio))
      \(bench.prefillRatio.count) rounds of \(ReadableUnits.count(bytes)) bytes each, context \(context)
      """)
  }

  private func show(_ bench: TrainingBench) throws {
    if common.json { return try Output.json(TrainingAnswer(bench: bench)) }
    let giga = { (value: Double) in String(format: "%.1f", value / 1e9) }
    let milliseconds = { (value: Double) in String(format: "%.1f", value * 1e3) }
    var table = Table([("", .left), ("best", .right), ("median", .right)])
    let (step, rate) = (bench.secondsPerStep, bench.operationsPerSecond)
    table.add(["ms a step", milliseconds(step.best), milliseconds(step.median)])
    table.add(["bytes/s"] + cells(bench.bytesPerSecond))
    table.add(["GFLOP/s", giga(rate.best), giga(rate.median)])
    for peak in bench.peaks {
      table.add([
        "peak GFLOP/s, \(peak.instructionSet)", giga(peak.operationsPerSecond.best),
        giga(peak.operationsPerSecond.median),
      ])
    }
    Output.text(
      """
      \(table.text)

      \(String(format: "%.1f", bench.shareOfPeak * 100)) % of the peak of \(bench.instructionSet); \
      \(String(format: "%.2f", bench.operationsPerStep / 1e9)) GFLOP a step
      \(bench.shape), batch \(batch), window \(window), threads \(bench.threadCount), \(bench.stepCount) steps
      """)
  }

  private func cells(_ rounds: Rounds) -> [String] {
    [rounds.best, rounds.median].map { ReadableUnits.count(Int($0.rounded())) }
  }
}

/// What `bench --json` prints for an image.
private struct InferenceAnswer: Encodable {
  var schema = "alambic.bench/1"
  var bench: InferenceBench
}

/// What `bench --training --json` prints.
private struct TrainingAnswer: Encodable {
  var schema = "alambic.bench/1"
  var bench: TrainingBench
}
