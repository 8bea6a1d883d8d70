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
      """.paragraphs,
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

      With --prompt, one text is answered with the share of each label. From a pipe each line is a
      text, and each answer a line: the label, or "-" for none of them, a tab, and the share of the
      likeliest label.

      EXAMPLES
        alambic classify intents.atome --data validate.csv --label intent
        alambic classify intents.atome --data validate.tsv --columns intent,text \\
          --label intent --train train.tsv --out-of-scope other.txt --json
        alambic classify commands.atome --data validate.tsv --columns label,text \\
          --slots --none none --out-of-scope other.txt
        alambic classify intents.atome --prompt "play some jazz" --labels Play,Stop
        alambic classify intents.ngrams < requests.txt
      """.paragraphs)

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
  @Option(
    help: ArgumentHelp("One text to classify; without it and --data, each line of a pipe is one.", valueName: "text"))
  var prompt: String?
  @Option(
    help: ArgumentHelp(
      "Of a student, the labels to choose from where no --data has them; of an ATOMECL01 file, its classes' names in "
        + "order. Commas.",
      valueName: "names"))
  var labels: String?
  @Option(help: "c or swift.")
  var engine = HostEngine.c
  @OptionGroup var shape: ShapeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let subject = try subject()
    guard prompt == nil, let data else {
      if data == nil { try checkTexts() }
      return try classifyTexts(by: subject)
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

  /// - Throws: `HintedError` where nothing says what to classify, and for options that only --data gives a meaning.
  private func checkTexts() throws {
    guard train == nil, outOfScope == nil, none == nil, !slots else {
      throw HintedError(
        "--train, --out-of-scope, --none and --slots measure on labelled texts, and there are none",
        hint: "give them with --data FILE", status: .usage)
    }
    guard prompt != nil || isatty(STDIN_FILENO) != 1 else {
      throw HintedError(
        "classify what?",
        hint: "--data FILE, --prompt TEXT, or texts from a pipe (of a student that writes its labels with --labels)",
        status: .usage)
    }
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
}
