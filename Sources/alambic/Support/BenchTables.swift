import Basics
import Console
import Conversation
import Formats
import Foundation
import Study
import Workbench

/// What `alambic bench` prints for a person.
enum BenchTables {
  static func text(_ bench: InferenceBench) -> String {
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
    return """
      \(table.text)

      c over swift: reading \(ratio(bench.prefillRatio)), writing \(ratio(bench.generationRatio))
      \(bench.prefillRatio.count) rounds of \(ReadableUnits.count(bench.byteCount)) bytes each, \
      context \(bench.context), \(bench.model)
      """
  }

  static func text(_ bench: TrainingBench) -> String {
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
    return """
      \(table.text)

      \(String(format: "%.1f", bench.shareOfPeak * 100)) % of the peak of \(bench.instructionSet); \
      \(String(format: "%.2f", bench.operationsPerStep / 1e9)) GFLOP a step
      \(bench.shape), batch \(bench.batchCount), window \(bench.windowTokenCount), threads \(bench.threadCount), \
      \(bench.stepCount) steps
      """
  }

  static func text(_ bench: VocabularyBench) -> String {
    var table = Table([("", .left), ("best", .right), ("median", .right)])
    let (learning, encoding) = (bench.learningSeconds, bench.encodingBytesPerSecond)
    let three = { (value: Double) in String(format: "%.3f", value) }
    let mega = { (value: Double) in String(format: "%.0f", value / 1e6) }
    table.add(["learning, s", three(learning.best), three(learning.median)])
    table.add(["encoding, MB/s", mega(encoding.best), mega(encoding.median)])
    return """
      \(table.text)

      \(ReadableUnits.count(bench.byteCount)) bytes, \(ReadableUnits.count(bench.tokenCount)) tokens of \
      \(bench.vocabulary?.text ?? "no strings"); \(learning.count) rounds on one thread of \(bench.processor)
      """
  }

  /// Shares of the cuts after which a talk goes on rightly.
  static func text(_ bench: HealingBench) -> String {
    var table = Table([("cuts", .left), ("", .right), ("healed", .right), ("read as they stand", .right)])
    let add = { (name: String, count: Int, rights: [Int]) in
      table.add(
        [name, ReadableUnits.count(count)]
          + rights.map { String(format: "%.1f %%", 100 * Double($0) / Double(max(1, count))) })
    }
    add("all", bench.cutCount, [bench.healed.rightCount, bench.plain.rightCount])
    add("with bytes held back", bench.heldCutCount, [bench.healed.heldRightCount, bench.plain.heldRightCount])
    return """
      \(table.text)

      the first \(ReadableUnits.count(bench.exchangeCount)) of \(ReadableUnits.count(bench.givenCount)) replies that \
      are given letter by letter, of \(ReadableUnits.count(bench.askedCount)) held-out ones
      """
  }

  /// A row a size, a column a shape: nanoseconds a byte.
  static func text(_ sweep: TrainingSweep) -> String {
    var table = Table(
      [("window", .right), ("batch", .right)] + sweep.curves.map { ("\($0.preset), ns a byte", .right) })
    for (index, cell) in (sweep.curves.first?.cells ?? []).enumerated() {
      table.add(
        ["\(cell.windowTokenCount)", "\(cell.batchCount)"]
          + sweep.curves.map { TrainingSweep.text($0.cells[index].nanosecondsPerByte.best) })
    }
    let costs = sweep.curves.map { "\($0.preset): \($0.cost)" }
    return "\(table.text)\n\n\(costs.joined(separator: "\n"))"
  }

  private static func cells(_ rounds: Rounds) -> [String] {
    [rounds.best, rounds.median].map { ReadableUnits.count(Int($0.rounded())) }
  }
}
