import ArgumentParser
import Basics
import Console
import Foundation
import Workbench

/// `alambic anomaly benchmark`.
struct AnomalyBenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract: "Measure detectors on series with labelled windows by the Numenta score, beside simple ones.",
    discussion: """
      The file of windows is one of the Numenta Anomaly Benchmark, and its series lie beside it. Of each,
      the first 15 % are taken as normal, and not counted. Scores are 0 for a detector that says nothing
      and 100 for a perfect one. The threshold is chosen three ways: the default, which reads no label;
      the best on the other series' labels; and, as the published table has it, the best on these.

      EXAMPLES
        alambic anomaly benchmark nab/windows.json
        alambic anomaly benchmark nab/windows.json --seeds 0,1,2 --json
      """.paragraphs)

  @Argument(
    help: ArgumentHelp("Windows: {\"series.csv\": [[\"first\", \"last\"], …], …}.", valueName: "file"),
    completion: .file())
  var windows: String
  @OptionGroup var training: AnomalyTrainingOptions
  @Option(help: ArgumentHelp("A student is trained with each of these.", valueName: "numbers"))
  var seeds = "0,1,2"
  @OptionGroup var common: CommonOptions

  func run() throws {
    let numbers = seeds.split(separator: ",").map { UInt64($0) }
    guard !numbers.isEmpty, !numbers.contains(nil) else {
      throw HintedError("--seeds '\(seeds)' is not a list of numbers", hint: "for example 0,1,2", status: .usage)
    }
    let benchmark = AnomalyBenchmark(
      try LabelledSeries.all(windows: windows), seeds: numbers.compactMap(\.self), settings: training.settings())
    let answer = try benchmark.run { common.printer.say($0) }
    if common.json { return try Output.json(answer) }
    var table = Table([
      ("\(answer.seriesCount) series, \(answer.windowCount) windows", .left), ("bytes", .right), ("RAM", .right),
      ("default threshold", .right), ("others' labels", .right), ("these labels", .right), ("found", .right),
      ("false alarms", .right),
    ])
    for contestant in answer.contestants {
      func of(_ value: (AnomalyBenchmark.Trial) -> Double, _ places: Int = 1) -> String {
        let values = contestant.trials.map(value).sorted()
        let texts = [values[values.count / 2], values[0], values[values.count - 1]].map {
          String(format: "%.\(places)f", $0)
        }
        return values.count == 1 ? texts[0] : "\(texts[0]) (\(texts[1])-\(texts[2]))"
      }
      table.add([
        contestant.name, ReadableUnits.count(contestant.byteCount), ReadableUnits.count(contestant.memoryByteCount),
        of(\.usual.standard), of(\.others.standard), of(\.best.standard),
        of({ Double($0.found.reduce(0) { $0 + $1.foundCount }) }, 0),
        of({ Double($0.found.reduce(0) { $0 + $1.falseAlarmCount }) }, 0),
      ])
    }
    Output.text(table.text)
  }
}
