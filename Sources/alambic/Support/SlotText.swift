import Basics
import Console
import Evaluation
import Formats
import Foundation
import Workbench

/// Figures of intents and slots for a person.
struct SlotText {
  private let answer: SlotStudy.Answer

  init(_ answer: SlotStudy.Answer) { self.answer = answer }

  var text: String {
    let report = answer.report
    var shares = Table([("\(ReadableUnits.count(answer.textCount)) texts", .left), ("right", .right)])
    shares.add(["intent and all slots", percent(report.exact.share)])
    shares.add(["intent", percent(report.intent.share)])
    var table = Table([
      ("slot", .left), ("expected", .right), ("said", .right), ("right", .right), ("precision", .right),
      ("recall", .right), ("F1", .right),
    ])
    for (name, counts) in report.slots.sorted(by: { $0.key < $1.key }) + [("all", report.all)] {
      table.add([
        name, ReadableUnits.count(counts.expectedCount), ReadableUnits.count(counts.saidCount),
        ReadableUnits.count(counts.rightCount), percent(counts.precision), percent(counts.recall), percent(counts.f1),
      ])
    }
    return shares.text + "\n\n" + table.text
  }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
