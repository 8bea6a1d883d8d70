import Basics
import Console
import Study

/// A sweep's table and estimate for a person.
enum SweepText {
  static func show(_ table: SweepTable, asJSON: Bool) throws {
    if asJSON { return try Output.json(table) }
    var lines = Table(table.headings.map { ($0.text, $0.isNumber ? .right : .left) })
    for cells in table.cells { lines.add(cells) }
    Output.text(lines.text)
  }

  static func text(_ estimate: SweepEstimate) -> String {
    var lines = [
      "trainings  \(ReadableUnits.count(estimate.trainingCount)), "
        + "\(ReadableUnits.count(estimate.finishedCount)) finished already",
      "steps      \(estimate.groupCount == nil ? "" : "at most ")\(ReadableUnits.count(estimate.stepCount)) left",
      "time       about \(ReadableUnits.duration(seconds: estimate.minutes * 60)) on this machine, "
        + "by \(estimate.instructionSet)",
    ]
    if let count = estimate.groupCount { lines.append("rungs      \(count) groups, which are dealt whole") }
    return lines.joined(separator: "\n")
  }
}
