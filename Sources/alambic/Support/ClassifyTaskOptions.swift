import ArgumentParser
import Basics
import Evaluation
import Workbench

/// `--task classify` of `train`: what is read of a table, and how the classifier is validated.
struct ClassifyTaskOptions: ParsableArguments {
  enum Task: String, CaseIterable, ExpressibleByArgument { case classify }

  @Option(
    help: ArgumentHelp(
      "classify: --data is texts with a label each (.jsonl, .csv, .tsv), and the student learns the labels alone.",
      valueName: "task"))
  var task: Task?
  @Option(help: ArgumentHelp("With --task: the field that holds the text (default: text).", valueName: "field"))
  var text: String?
  @Option(help: ArgumentHelp("With --task: the field that holds the label (default: label).", valueName: "field"))
  var label: String?
  @Option(
    help: ArgumentHelp("With --task: names of a table's columns, where its first row is a record.", valueName: "names"))
  var columns: String?
  @Option(help: ArgumentHelp("With --task: a label that means none of the others.", valueName: "name"))
  var none: String?
  @Option(
    help: ArgumentHelp(
      "With --task: parts of the texts that are held out in turn, to say how good the student is and to choose its "
        + "threshold; each is a training of its own; 0 for neither (default: 5).", valueName: "count"))
  var folds: Int?
  @Option(help: ArgumentHelp("With --folds: how often, with other folds each time (default: 1).", valueName: "count"))
  var repeats: Int?
  @Option(
    help: ArgumentHelp(
      "With --task, equal: every text counts the same; balanced: every label does, however few texts it has (default: "
        + "equal).",
      valueName: ClassWeights.allCases.map(\.rawValue).joined(separator: "|")))
  var classWeights: ClassWeights?
  @Flag(help: "With --task: learn no texts without their keywords as texts of no label.")
  var keepKeywords = false
  @Option(
    help: ArgumentHelp(
      "With --task: the share of texts with a label that the threshold may refuse (default: 0.05).", valueName: "share")
  )
  var falseRefusals: Double?

  /// The first option that was given beside the task; nil where none was.
  var given: String? {
    let options: [(name: String, isGiven: Bool)] = [
      ("--text", text != nil), ("--label", label != nil), ("--columns", columns != nil), ("--none", none != nil),
      ("--folds", folds != nil), ("--repeats", repeats != nil), ("--class-weights", classWeights != nil),
      ("--keep-keywords", keepKeywords), ("--false-refusals", falseRefusals != nil),
    ]
    return options.first(where: \.isGiven)?.name
  }

  /// Nil where no folds are wanted.
  func validation(seed: UInt64) throws -> CrossValidation? {
    let folds = folds ?? 5
    guard folds == 0 || 2...100 ~= folds else {
      throw HintedError("--folds \(folds) is not 0, nor between 2 and 100", status: .usage)
    }
    guard 1...100 ~= repeats ?? 1 else {
      throw HintedError("--repeats \(repeats ?? 1) is not between 1 and 100", status: .usage)
    }
    guard 0..<1 ~= falseRefusals ?? 0 else {
      throw HintedError("--false-refusals \(falseRefusals ?? 0) is not between 0 and 1", status: .usage)
    }
    return folds == 0
      ? nil
      : CrossValidation(folds: folds, repeats: repeats ?? 1, falseRefusals: falseRefusals ?? 0.05, seed: seed)
  }

  func texts(_ path: String) throws -> LabelledTexts {
    try LabelledTexts(
      path, text: text ?? "text", label: label ?? "label",
      columns: columns.map { $0.split(separator: ",").map(String.init) })
  }
}
