import ArgumentParser
import Basics
import Console
import Conversation
import Formats
import Foundation
import Lineage
import Workbench

/// `alambic anomaly`: detectors of what a series has not done before.
struct AnomalyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anomaly",
    abstract: "Learn what is normal in a series of numbers, and score what comes after.",
    discussion: """
      EXAMPLES
        alambic anomaly train pump.csv --normal 750 --out pump.atome
        alambic anomaly score pump.csv --model pump.atome
        alambic anomaly benchmark nab/windows.json
      """.paragraphs,
    subcommands: [AnomalyTrainCommand.self, AnomalyScoreCommand.self, AnomalyBenchmarkCommand.self])
}

/// Which columns of a table are read.
struct SeriesOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The column that holds the time.", valueName: "column"))
  var time = "timestamp"
  @Option(help: ArgumentHelp("The column that holds the value.", valueName: "column"))
  var value = "value"

  func series(_ path: String) throws -> SeriesFile { try SeriesFile(path, time: time, value: value) }
}

/// How a detector is trained.
struct AnomalyTrainingOptions: ParsableArguments {
  private static let usual = AnomalyTraining.Settings()

  @Option(help: ArgumentHelp("Training steps.", valueName: "count"))
  var steps = usual.stepCount
  @Option(
    help: ArgumentHelp(
      "The threshold, in standard deviations of the score above its mean on held-out normal readings.",
      valueName: "count"))
  var deviations = usual.deviations
  @Option(help: ArgumentHelp("A reading moves the score by 1/2^shift of the way to its bits.", valueName: "shift"))
  var smoothing = usual.smoothing
  @Option(help: ArgumentHelp("Readings without another alarm behind an anomalous one.", valueName: "count"))
  var pause = usual.pause

  func settings() -> AnomalyTraining.Settings {
    var settings = Self.usual
    (settings.stepCount, settings.deviations) = (steps, deviations)
    (settings.smoothing, settings.pause) = (smoothing, pause)
    return settings
  }
}

/// `alambic anomaly train`.
struct AnomalyTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a student on the normal part of a series, and choose a threshold on held-out normal readings.",
    discussion: """
      Each reading becomes a byte: one of 16 levels. The first readings (--normal) are taken as normal:
      three quarters are trained on, the last quarter is held out. Beside the image it writes the
      detector's numbers (.detector.json, docs/formats/detector.md), and the same for C (.detector.h).

      EXAMPLES
        alambic anomaly train pump.csv --out pump.atome
        alambic anomaly train pump.csv --value rpm --normal 750 --out pump.atome
      """.paragraphs)

  @Argument(help: ArgumentHelp("A table: .csv, or .tsv.", valueName: "file"), completion: .file())
  var file: String
  @OptionGroup var columns: SeriesOptions
  @Option(
    help: ArgumentHelp(
      "How many of the first readings are normal (default: 15 %, at most 750, as in the Numenta benchmark).",
      valueName: "count"))
  var normal: Int?
  @OptionGroup var training: AnomalyTrainingOptions
  @Option(help: ArgumentHelp("Where all randomness starts.", valueName: "number"))
  var seed: UInt64 = 0
  @Option(name: .customLong("out"), help: ArgumentHelp("The image.", valueName: "file"))
  var output: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.anomaly-training/1"
    var image: String
    var imageID: ContentID
    var detector: String
    var byteCount: Int
    var memoryByteCount: Int
    var normalCount: Int
    var heldOutCount: Int
    var heldOutBitsPerReading: Double
    var thresholdBits: Double
  }

  func run() throws {
    let series = try columns.series(file)
    var settings = training.settings()
    (settings.normalCount, settings.seed) = (normal, seed)
    let outcome = try AnomalyTraining(settings).run(series.values, name: file)
    let detector = DetectorFiles(image: output)
    try AtomicFile.write(outcome.image, to: output)
    try AtomicFile.write(try CanonicalJSON.pretty(outcome.detector), to: detector.json)
    try AtomicFile.write(outcome.detector.cHeader, to: detector.header)
    let answer = Answer(
      image: output, imageID: outcome.detector.image, detector: detector.json, byteCount: outcome.image.count,
      memoryByteCount: try AnomalyScoring.memoryByteCount(of: outcome.image), normalCount: outcome.normalCount,
      heldOutCount: outcome.heldOutCount, heldOutBitsPerReading: outcome.heldOutBitsPerReading,
      thresholdBits: Double(outcome.detector.threshold) / AnomalyDetectorFile.scoreBit)
    if common.json { return try Output.json(answer) }
    Output.text(
      """
      \(output): \(ReadableUnits.count(answer.byteCount)) bytes of flash, \
      \(ReadableUnits.count(answer.memoryByteCount)) of RAM
      \(answer.heldOutBitsPerReading.rounded(toPlaces: 2)) bits a reading on \(answer.heldOutCount) held-out normal \
      ones; anomalous from \(answer.thresholdBits.rounded(toPlaces: 2)) smoothed bits on
      """)
    common.printer.say("next: alambic anomaly score \(file) --model \(output), alambic verify \(output)")
  }
}

/// What lies beside a detector's image.
struct DetectorFiles {
  var image: String
  private var stem: String { image.hasSuffix(".atome") ? String(image.dropLast(6)) : image }
  var json: String { "\(stem).detector.json" }
  var header: String { "\(stem).detector.h" }
}
