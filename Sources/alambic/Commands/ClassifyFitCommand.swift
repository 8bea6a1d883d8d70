import ArgumentParser
import Basics
import Console
import Evaluation
import Formats
import Foundation
import Workbench

/// `alambic classify fit`: hashed n-grams to labels, in a file that a board takes.
struct ClassifyFitCommand: ParsableCommand {
  private static let usual = NgramFitter.Settings()

  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fit a linear classifier on hashed n-grams, for a board.",
    discussion: """
      Seconds, some 4 KB, integers alone: docs/formats/ngrams.md; the C code is in firmware/ngrams.
      It is fitted once without each of --folds parts, and asked about that part. So every text is
      asked by a classifier that has not read it: these figures are printed, and the threshold that
      refuses texts of other domains is chosen by them. Texts of one wording are in one fold. Texts
      without the words that give their labels away are learned as texts of no label. With
      --pair-bytes it is less sure of texts whose pairs of words are new: for texts that people wrote.

      EXAMPLES
        alambic classify fit train.csv --label intent --out intents.ngrams
        alambic classify fit train.tsv --columns intent,text --label intent \\
          --folds 5 --repeats 3 --class-weights balanced --out intents.ngrams
        alambic classify fit train.csv --pair-bytes 2048 --out intents.ngrams
      """.paragraphs)

  @Argument(
    help: ArgumentHelp("Texts with labels: .jsonl, .csv or .tsv, with .gz or .zst.", valueName: "file"),
    completion: .file())
  var data: String
  @Option(help: ArgumentHelp("The field that holds the text.", valueName: "field"))
  var text = "text"
  @Option(help: ArgumentHelp("The field that holds the label.", valueName: "field"))
  var label = "label"
  @Option(help: ArgumentHelp("Names of a table's columns, where its first row is a record.", valueName: "names"))
  var columns: String?
  @Option(
    help: ArgumentHelp("A label that means none of the others: its texts are learned as refused.", valueName: "name"))
  var none: String?
  @Option(
    name: .customLong("out"),
    help: ArgumentHelp("The classifier; the same bytes for C lie beside it, in a .h file.", valueName: "file"),
    completion: .file())
  var output: String
  @Option(help: ArgumentHelp("Features, 64 to 16384, a power of 2: each takes 4 bits a label.", valueName: "count"))
  var features = 1 << usual.featureBits
  @Option(
    help: ArgumentHelp(
      "Bytes that remember which words stand side by side: a power of 2 from 32 to 16384, such as 2048; 0 for none.",
      valueName: "count"))
  var pairBytes = 0
  @Option(help: ArgumentHelp("Parts that are held out in turn.", valueName: "count"))
  var folds = 5
  @Option(help: ArgumentHelp("How often, with other folds each time.", valueName: "count"))
  var repeats = 1
  @Option(
    help: ArgumentHelp(
      "equal: every text counts the same; balanced: every label does, however few texts it has.",
      valueName: ClassWeights.allCases.map(\.rawValue).joined(separator: "|")))
  var classWeights = ClassWeights.equal
  @Flag(help: "Learn no texts without their keywords as texts of no label.")
  var keepKeywords = false
  @Option(help: ArgumentHelp("The share of texts with a label that may be refused.", valueName: "share"))
  var falseRefusals = 0.05
  @Option(help: ArgumentHelp("Where all randomness starts.", valueName: "number"))
  var seed: UInt64 = 0
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.classifier/1"
    var file: String
    var header: String
    var byteCount: Int
    var textCount: Int
    var labels: [String]
    var validation: CrossValidation.Report
  }

  func run() throws {
    let settings = try settings()
    let texts = try LabelledTexts(
      data, text: text, label: label, columns: columns.map { $0.split(separator: ",").map(String.init) })
    let labels = texts.labels.filter { $0 != none }
    try NgramImage.check(labels: labels)
    if let none, !texts.labels.contains(none) {
      throw HintedError("\(data) has no text with the label '\(none)' of --none", status: .usage)
    }
    let examples = texts.ngramExamples(labels, none: none)
    let validation = try CrossValidation(
      folds: folds, repeats: repeats, falseRefusals: falseRefusals, seed: seed
    ).run(examples, labels: labels, ngrams: settings)
    var image = try NgramFitter(settings).fit(examples, labels: labels)
    image.threshold = validation.threshold
    try AtomicFile.write(image.bytes, to: output)
    try AtomicFile.write(image.header(named: Self.name(of: output)), to: header)
    let answer = Answer(
      file: output, header: header, byteCount: image.bytes.count, textCount: examples.count, labels: labels,
      validation: validation.report)
    if common.json { return try Output.json(answer) }
    Output.text(Self.text(answer))
  }

  private var header: String { (output as NSString).deletingPathExtension + ".h" }

  private func settings() throws -> NgramFitter.Settings {
    let bits = features.trailingZeroBitCount
    guard features.nonzeroBitCount == 1, NgramImage.featureBits ~= bits else {
      throw HintedError("--features \(features) is not a power of 2 from 64 to 16384", status: .usage)
    }
    let pairBits = pairBytes == 0 ? 0 : pairBytes.trailingZeroBitCount + 3
    guard pairBytes == 0 || pairBytes.nonzeroBitCount == 1 && KnownPairs.bitCounts ~= pairBits else {
      throw HintedError("--pair-bytes \(pairBytes) is not 0, nor a power of 2 from 32 to 16384", status: .usage)
    }
    guard 2...100 ~= folds else { throw HintedError("--folds \(folds) is not between 2 and 100", status: .usage) }
    guard 1...100 ~= repeats else {
      throw HintedError("--repeats \(repeats) is not between 1 and 100", status: .usage)
    }
    guard 0..<1 ~= falseRefusals else {
      throw HintedError("--false-refusals \(falseRefusals) is not between 0 and 1", status: .usage)
    }
    return NgramFitter.Settings(
      featureBits: bits, seed: seed, masksKeywords: !keepKeywords, balancesLabels: classWeights == .balanced,
      pairBits: pairBits)
  }

  /// The file's name as a name of C.
  private static func name(of path: String) -> String {
    let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let name = String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    return name.first.map(\.isNumber) == true || name.isEmpty ? "_\(name)" : name
  }

  private static func text(_ answer: Answer) -> String {
    ValidationText(answer.validation, textCount: answer.textCount, labelCount: answer.labels.count).text + """

      \(answer.file) · \(ReadableUnits.bytes(answer.byteCount)) · for C: \(answer.header)
      """
  }
}
