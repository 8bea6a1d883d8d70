import ArgumentParser
import Basics
import Console
import Evaluation
import Formats
import Foundation

/// What held-out folds say of a classifier, for a person.
struct ValidationText {
  let text: String

  init(_ found: CrossValidation.Report, textCount: Int, labelCount: Int) {
    func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
    var table = Table([("held-out folds", .left), ("mean", .right), ("deviation", .right), ("range", .right)])
    for (name, spread) in [("right", found.right), ("macro F1", found.macroF1)] {
      table.add([
        name, percent(spread.mean), percent(spread.deviation), "\(percent(spread.least)) - \(percent(spread.largest))",
      ])
    }
    let refused = found.refused.map { ", and \(percent($0.share)) of those without a label" } ?? ""
    text =
      table.text + """


        \(ReadableUnits.count(textCount)) texts, \(labelCount) labels, \(found.folds) folds, \
        \(found.repeats == 1 ? "once" : "\(found.repeats) times").
        The threshold refuses \(percent(found.falseRefusals)) of held-out texts with a label\(refused).
        """
  }
}

/// What a text counts while a classifier learns.
enum ClassWeights: String, CaseIterable, ExpressibleByArgument {
  case equal, balanced
}
