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
    if let refusals = report.refusals {
      shares.add(["out of scope, refused", percent(refusals.refused)])
      shares.add(["in scope, refused", percent(refusals.falseRefusals)])
      if let outOfScope = refusals.outOfScope { shares.add(["the other texts, refused", percent(outOfScope)]) }
    }
    var intents = Table([("intent", .left), ("texts", .right), ("right with all slots", .right)])
    for (name, right) in report.intents.sorted(by: { $0.key < $1.key }) {
      intents.add([name, ReadableUnits.count(right.count), percent(right.share)])
    }
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
    return ([shares.text, intents.text, table.text] + wrong).joined(separator: "\n\n")
  }

  /// What went wrong, to be read.
  private var wrong: [String] {
    guard !answer.wrongAnswers.isEmpty else { return [] }
    var table = Table([("wrong answers", .left), ("said", .left), ("right", .left)])
    for wrong in answer.wrongAnswers { table.add([wrong.text, wrong.said, wrong.expected]) }
    return [table.text]
  }

  /// A dash where there were no such texts.
  private func percent(_ proportion: Proportion) -> String { proportion.count == 0 ? "–" : percent(proportion.share) }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
