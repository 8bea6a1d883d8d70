import ArgumentParser
import Basics
import Console
import Conversation
import Evaluation
import Foundation
import Workbench

/// `alambic classify`: a student that answers with a label, on texts whose labels are known, or on one text.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Measure a student that answers with a label, beside what one would take instead.",
    discussion: """
      A student that was trained on "> {text}\\n< {label}" answers a text with its label. Asked here,
      it chooses among the labels of --data; what it says of each is a share that adds up to 1.
      Accuracy, F1 and confusion are counted, whether it is as sure as it is right (calibration), and
      what it would get wrong if it answered only where it is sure. With --train, logistic regression
      on hashed n-grams and the most frequent label take part; with --out-of-scope, texts that have
      no label.

      EXAMPLES
        alambic classify intents.atome --data validate.csv --label intent
        alambic classify intents.atome --data validate.tsv --columns intent,text \\
          --label intent --train train.tsv --out-of-scope other.txt --json
        alambic classify intents.atome --prompt "play some jazz" --labels Play,Stop
      """)

  @Argument(help: ArgumentHelp("An .atome image.", valueName: "file"), completion: .file())
  var image: String
  @Option(
    help: ArgumentHelp("Texts with labels: .jsonl, .csv or .tsv, with .gz or .zst.", valueName: "file"),
    completion: .file())
  var data: String?
  @Option(help: ArgumentHelp("The field that holds the text.", valueName: "field"))
  var text = "text"
  @Option(help: ArgumentHelp("The field that holds the label.", valueName: "field"))
  var label = "label"
  @Option(help: ArgumentHelp("Names of a table's columns, where its first row is a record.", valueName: "names"))
  var columns: String?
  @Option(help: ArgumentHelp("What texts and labels stand in, as in training.", valueName: "text"))
  var frame = "> {text}\\n< {label}"
  @Option(
    help: ArgumentHelp("Labelled texts that rivals are fitted on, with the same fields.", valueName: "file"),
    completion: .file())
  var train: String?
  @Option(
    help: ArgumentHelp("Texts that have none of the labels: lines, or a file with --text.", valueName: "file"),
    completion: .file())
  var outOfScope: String?
  @Option(
    help: ArgumentHelp(
      "A label that means none of the others: its share makes an answer less sure, and it is not an answer.",
      valueName: "name"))
  var none: String?
  @Option(help: ArgumentHelp("The share of texts in scope that may be refused.", valueName: "share"))
  var falseRefusals = 0.05
  @Option(help: ArgumentHelp("One text to classify, with --labels.", valueName: "text"))
  var prompt: String?
  @Option(help: ArgumentHelp("The labels to choose from, with --prompt; separated by commas.", valueName: "names"))
  var labels: String?
  @Option(help: "c or swift.")
  var engine = HostEngine.c
  @OptionGroup var common: CommonOptions

  func run() throws {
    let image = try LoadedImage(path: image)
    let frame = try LabelClassifier.Frame(
      template: frame.replacing("\\n", with: "\n").replacing("\\t", with: "\t"))
    if let prompt { return try classify(prompt, image, frame) }
    guard let data else {
      throw HintedError("classify what?", hint: "--data FILE, or --prompt TEXT with --labels", status: .usage)
    }
    guard 0..<1 ~= falseRefusals else {
      throw HintedError("--false-refusals \(falseRefusals) is not between 0 and 1", status: .usage)
    }
    let study = LabelStudy(
      image: image, frame: frame, engine: engine, texts: try texts(data, label),
      training: try train.map { try texts($0, label) },
      outOfScope: try outOfScope.map { try texts($0, nil) }, none: none, falseRefusals: falseRefusals)
    let answer = try study.run()
    if common.json { return try Output.json(answer) }
    Output.text(ClassificationText(answer).text)
  }

  private func texts(_ path: String, _ label: String?) throws -> LabelledTexts {
    let isPlain = label == nil && !["json", "ndjson", "csv", "tsv"].contains { path.contains(".\($0)") }
    return try LabelledTexts(
      path, text: text, label: label,
      columns: isPlain ? nil : columns.map { $0.split(separator: ",").map(String.init) })
  }

  private struct Shares: Encodable {
    var schema = "alambic.label/1"
    var label: String
    var shares: [String: Double]
  }

  private func classify(_ prompt: String, _ image: LoadedImage, _ frame: LabelClassifier.Frame) throws {
    guard let labels = labels?.split(separator: ",").map(String.init) else {
      throw HintedError(
        "--prompt needs --labels", hint: "the labels to choose from: --labels Play,Stop", status: .usage)
    }
    var classifier = try LabelClassifier(image, labels: labels, frame: frame, kind: engine)
    let shares = try classifier.probabilities(of: prompt)
    let sorted = zip(labels, shares).sorted { $0.1 > $1.1 }
    if common.json {
      return try Output.json(
        Shares(label: sorted[0].0, shares: Dictionary(uniqueKeysWithValues: zip(labels, shares))))
    }
    var table = Table([("label", .left), ("share", .right)])
    for (label, share) in sorted { table.add([label, String(format: "%.1f %%", 100 * share)]) }
    Output.text(table.text)
  }
}
