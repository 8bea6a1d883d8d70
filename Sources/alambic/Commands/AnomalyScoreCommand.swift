import ArgumentParser
import Basics
import Console
import Conversation
import Formats
import Lineage
import Workbench

/// `alambic anomaly score`.
struct AnomalyScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Score each reading of a series, and say which raise an alarm.",
    discussion: """
      A reading's bits are -log2 of the probability that the student gave it. The score is their running
      mean, in standard deviations from what held-out normal readings had. Printed are the rows that
      raise an alarm; with --all every row, with --json every row with all that is known of it. A board
      computes the same numbers.

      EXAMPLES
        alambic anomaly score pump.csv --model pump.atome
        alambic anomaly score pump.csv --model pump.atome --all --json
      """.paragraphs)

  @Argument(help: ArgumentHelp("A table: .csv, or .tsv.", valueName: "file"), completion: .file())
  var file: String
  @OptionGroup var columns: SeriesOptions
  @Option(
    help: ArgumentHelp("The image that `anomaly train` wrote; its .detector.json lies beside it.", valueName: "file"),
    completion: .file())
  var model: String
  @Option(help: "c or swift.")
  var engine = HostEngine.c
  @Flag(help: "Every row, not only those that raise an alarm.")
  var all = false
  @Option(
    name: .customLong("readings"),
    help: ArgumentHelp("Also write the readings as a board gets them: int32, little-endian.", valueName: "file"))
  var readingsFile: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.anomaly-scores/1"
    var image: ContentID
    /// In the unit of the rows' `deviations`.
    var threshold: Double
    var rowCount: Int
    var alarmCount: Int
    var rows: [AnomalyScoring.Row]
  }

  func run() throws {
    let series = try columns.series(file)
    let detector = try AnomalyDetectorFile(reading: DetectorFiles(image: model).json)
    let scoring = try AnomalyScoring(LoadedImage(path: model), detector, engine: engine)
    let rows = try scoring.rows(of: series)
    if let readingsFile { try AtomicFile.write(scoring.readings(of: series), to: readingsFile) }
    let shown = rows.filter { all || $0.raisesAlarm }
    let alarmCount = rows.count(where: \.raisesAlarm)
    if common.json {
      return try Output.json(
        Answer(
          image: detector.image, threshold: scoring.threshold, rowCount: rows.count, alarmCount: alarmCount, rows: shown
        ))
    }
    var table = Table([("time", .left), ("value", .right), ("bits", .right), ("score", .right), ("", .left)])
    for row in shown {
      table.add([
        row.time, row.value.map { "\($0)" } ?? "missing", "\(row.bits.rounded(toPlaces: 2))",
        "\(row.deviations.rounded(toPlaces: 1))", row.raisesAlarm ? "alarm" : row.isAnomalous ? "anomalous" : "",
      ])
    }
    if !shown.isEmpty { Output.text(table.text) }
    common.printer.say("\(ReadableUnits.count(rows.count)) readings, \(ReadableUnits.count(alarmCount)) alarms")
  }
}
