import ArgumentParser
import Basics
import Console
import Conversation
import Evaluation
import Formats
import Foundation
import Model
import Workbench

/// `alambic classify`: texts to labels.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Fit and measure classifiers of texts.",
    discussion: """
      Without a subcommand, `measure`.

      EXAMPLES
        alambic classify fit train.tsv --columns intent,text --label intent \\
          --out intents.ngrams
        alambic classify intents.ngrams --data validate.tsv --columns intent,text \\
          --label intent
        alambic classify intents.ngrams --prompt "play some jazz"
      """,
    subcommands: [ClassifyMeasureCommand.self, ClassifyFitCommand.self],
    defaultSubcommand: ClassifyMeasureCommand.self)
}

/// `alambic classify measure`: a classifier on texts whose labels are known, or on one text.
struct ClassifyMeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure a classifier, beside what one would take instead.",
    discussion: """
      The file is a classifier of `classify fit` or of `train --task classify`, a published one
      (ATOMECL01, whose shape --shape says), or a student that answers with a label. A student
      that was trained on "> {text}\\n< {label}" answers a text with its label. Asked here, it
      chooses among the labels of --data; what it says of each is a share that adds up to 1.
      Accuracy, F1 and confusion are counted, whether it is as sure as it is right (calibration), and
      what it would get wrong if it answered only where it is sure. With --train, logistic regression
      on hashed n-grams and the most frequent label take part; with --out-of-scope, texts that have
      no label.

      EXAMPLES
        alambic classify intents.atome --data validate.csv --label intent
        alambic classify intents.atome --data validate.tsv --columns intent,text \\
          --label intent --train train.tsv --out-of-scope other.txt --json
        alambic classify commands.atome --data validate.tsv --columns label,text \\
          --slots --none none --out-of-scope other.txt
        alambic classify intents.atome --prompt "play some jazz" --labels Play,Stop
      """)

  @Argument(
    help: ArgumentHelp("An .ngrams or ATOMECL01 classifier, or an .atome image.", valueName: "file"),
    completion: .file())
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
  @Option(
    help: ArgumentHelp(
      "What texts and labels stand in, as in training (default: of a student \"> {text}\\n< {label}\").",
      valueName: "text"))
  var frame: String?
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
      "A label that means none of the others: its share makes an answer less sure, and it is not an answer; with "
        + "--slots, an answer that refuses.",
      valueName: "name"))
  var none: String?
  @Flag(
    help: ArgumentHelp(
      "Labels are intents with slots, \"SetHeat room=living room degrees=21\": count exact answers, intents, slots "
        + "and, with --none, refusals."))
  var slots = false
  @Option(help: ArgumentHelp("The share of texts in scope that may be refused.", valueName: "share"))
  var falseRefusals = 0.05
  @Option(help: ArgumentHelp("One text to classify, with --labels.", valueName: "text"))
  var prompt: String?
  @Option(
    help: ArgumentHelp(
      "Of a student, the labels to choose from with --prompt; of an ATOMECL01 file, its classes' names in "
        + "order. Commas.",
      valueName: "names"))
  var labels: String?
  @Option(help: "c or swift.")
  var engine = HostEngine.c
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let subject = try subject()
    if let prompt { return try classify(prompt, subject) }
    guard let data else {
      throw HintedError(
        "classify what?", hint: "--data FILE, or --prompt TEXT (of a student that writes its labels with --labels)",
        status: .usage)
    }
    guard 0..<1 ~= falseRefusals else {
      throw HintedError("--false-refusals \(falseRefusals) is not between 0 and 1", status: .usage)
    }
    if slots { return try measureSlots(subject, try texts(data, label)) }
    let study = LabelStudy(
      subject, texts: try texts(data, label), training: try train.map { try texts($0, label) },
      outOfScope: try outOfScope.map { try texts($0, nil) }, none: none, falseRefusals: falseRefusals)
    let answer = try study.run()
    if common.json { return try Output.json(answer) }
    Output.text(ClassificationText(answer).text)
  }

  private func subject() throws -> LabelStudy.Subject {
    let bytes = try AtomicFile.read(image)
    if NgramImage.claims(bytes) { return .ngrams(try NgramImage(reading: bytes, name: image)) }
    let given = try frame.map {
      try LabelClassifier.Frame(template: $0.replacing("\\n", with: "\n").replacing("\\t", with: "\t"))
    }
    if AtomeClassifier.claims(bytes) {
      let classifier = try AtomeClassifier(reading: bytes, name: image, shape: shape.requestedShape())
      let names = labels?.split(separator: ",").map(String.init) ?? (0..<classifier.classCount).map(String.init)
      return .published(classifier, names, given)
    }
    let image = try LoadedImage(path: image)
    guard image.contents.head == nil else {
      guard given == nil else {
        throw HintedError(
          "\(image.path) was trained to classify, so its texts have no --frame", hint: "leave it out", status: .usage)
      }
      return .head(image, engine)
    }
    return .student(image, try given ?? LabelClassifier.Frame(template: "> {text}\n< {label}"), engine)
  }

  private func measureSlots(_ subject: LabelStudy.Subject, _ texts: LabelledTexts) throws {
    guard case .student(let image, let frame, let engine) = subject, train == nil else {
      throw HintedError("--slots is for the image of a student that writes its label, without --train", status: .usage)
    }
    guard none != nil || outOfScope == nil else {
      throw HintedError(
        "with --slots, --out-of-scope needs the label that means none of the others", hint: "--none NAME",
        status: .usage)
    }
    let answer = try SlotStudy(
      image, frame: frame, engine: engine, texts: texts, none: none,
      outOfScope: try outOfScope.map { try self.texts($0, nil) }
    ).run()
    if common.json { return try Output.json(answer) }
    Output.text(SlotText(answer).text)
  }

  private func texts(_ path: String, _ label: String?) throws -> LabelledTexts {
    let columns = columns.map { $0.split(separator: ",").map(String.init) }
    guard let label else { return try LabelledTexts(lines: path, text: text, columns: columns) }
    return try LabelledTexts(path, text: text, label: label, columns: columns)
  }

  private struct Shares: Encodable {
    var schema = "alambic.label/1"
    var label: String
    var shares: [String: Double]
    /// Whether the classifier's threshold says that it has none of the labels; nil without a threshold.
    var isRefused: Bool?
  }

  private func classify(_ prompt: String, _ subject: LabelStudy.Subject) throws {
    switch subject {
    case .student(let image, let frame, _): try classify(prompt, image, frame)
    case .head(let image, let engine):
      var classifier = try HeadClassifier(image, kind: engine)
      let answer = try classifier.answer(to: prompt)
      try show(
        classifier.labels, answer.probabilities, isRefused: classifier.threshold.map { answer.margin < $0 })
    case .published(let classifier, let names, let frame):
      var source = try PublishedClassifier(classifier, names: names, frame: frame)
      try show(names, try source.prediction(of: prompt).probabilities, isRefused: nil)
    case .ngrams(let image):
      let scores = NgramClassifier(image).scores(of: prompt)
      let isRefused = NgramClassifier(image).label(for: scores) == nil
      try show(
        image.labels.map(\.name), LabelledPrediction(expected: nil, scores: scores).probabilities,
        isRefused: image.threshold == NgramImage.refusesNone ? nil : isRefused)
    }
  }

  private func classify(_ prompt: String, _ image: LoadedImage, _ frame: LabelClassifier.Frame) throws {
    guard let labels = labels?.split(separator: ",").map(String.init) else {
      throw HintedError(
        "--prompt needs --labels", hint: "the labels to choose from: --labels Play,Stop", status: .usage)
    }
    var classifier = try LabelClassifier(image, labels: labels, frame: frame, kind: engine)
    let shares = try classifier.probabilities(of: prompt)
    try show(labels, shares, isRefused: nil)
  }

  private func show(_ labels: [String], _ shares: [Double], isRefused: Bool?) throws {
    let sorted = zip(labels, shares).sorted { $0.1 > $1.1 }
    if common.json {
      return try Output.json(
        Shares(
          label: sorted[0].0, shares: Dictionary(uniqueKeysWithValues: zip(labels, shares)), isRefused: isRefused))
    }
    var table = Table([("label", .left), ("share", .right)])
    for (label, share) in sorted { table.add([label, String(format: "%.1f %%", 100 * share)]) }
    // A student that has learned a label for them, which is not an answer.
    let none = 1 - shares.reduce(0, +)
    if none >= 0.0005 { table.add(["none of these", String(format: "%.1f %%", 100 * none)]) }
    Output.text(table.text + (isRefused == true ? "\n\nRefused: below the threshold, so none of these." : ""))
  }
}
