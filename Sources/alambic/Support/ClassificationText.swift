import Basics
import Console
import Evaluation
import Formats
import Foundation
import Workbench

/// A classifier's figures for a person.
struct ClassificationText {
  private let answer: LabelStudy.Answer

  init(_ answer: LabelStudy.Answer) { self.answer = answer }

  var text: String {
    var parts = [contestants]
    if let student = answer.contestants.first {
      parts.append("The student, when it answers only where it is sure:\n\n" + operating(student.report))
      parts.append("What it said (columns) of texts with a label (rows):\n\n" + confusion(student.report))
    }
    return parts.joined(separator: "\n\n")
  }

  private var contestants: String {
    let hasStrangers = answer.contestants.contains { $0.outOfScope != nil }
    var columns: [(String, Table.Alignment)] = [
      ("\(ReadableUnits.count(answer.textCount)) texts", .left), ("bytes", .right), ("right", .right),
      ("95 % interval", .right), ("macro F1", .right), ("calibration error", .right),
    ]
    if hasStrangers { columns.append(("out of scope refused", .right)) }
    var table = Table(columns)
    for contestant in answer.contestants {
      let report = contestant.report
      let interval = report.right.interval
      var row = [
        contestant.name, ReadableUnits.count(contestant.byteCount), percent(report.right.share),
        "\(number(100 * interval.lowerBound))-\(number(100 * interval.upperBound))", percent(report.macroF1),
        percent(report.calibrationError),
      ]
      if hasStrangers { row.append(contestant.outOfScope.map { percent($0.recall.share) } ?? "") }
      table.add(row)
    }
    return table.text
  }

  private func operating(_ report: ClassificationReport) -> String {
    var table = Table([("answers", .right), ("from a share of", .right), ("wrong of these", .right)])
    for point in report.operating {
      table.add([percent(point.coverage), number(point.threshold, 3), percent(point.risk)])
    }
    return table.text
  }

  private func confusion(_ report: ClassificationReport) -> String {
    var table = Table(
      [("", .left)] + report.labels.indices.map { ("\($0 + 1)", .right) } + [("recall", .right), ("precision", .right)])
    for (index, label) in report.labels.enumerated() {
      table.add(
        ["\(index + 1) \(label.name)"] + report.confusion[index].map { $0 == 0 ? "" : "\($0)" }
          + [percent(label.recall), percent(label.precision)])
    }
    return table.text
  }

  private func percent(_ share: Double) -> String { "\(number(100 * share)) %" }
  private func number(_ value: Double, _ places: Int = 1) -> String { String(format: "%.\(places)f", value) }
}
