import ArgumentParser
import Basics
import Console
import Formats
import Foundation
import Lineage
import Model
import Networks
import Shipping
import Workbench

/// `alambic export`: a checkpoint to an `.atome` image.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Pack a checkpoint into an image, or one image into another form.",
    discussion: """
      atome01 packs four trits a byte, which published loaders read; atome02 five. integer
      (ATOMEQ01) is another engine's: it runs without floating point. Its units are chosen on
      held-out text (--calibrate), or on what the student writes itself, and what it costs against
      float, in bits per byte of that text, is printed. A compact student has this form alone. Of a
      plain GPT's checkpoint it is GPTINT01, for the engine in firmware/gpt. --playground makes a
      page of an image: it talks in any browser, from the file, without a network; a classifier's
      says labels. atomecl (ATOMECL01) is the published classifiers' format: a student of bytes
      whose --labels begin with different bytes. Of such a file atome01 and atome02 make an image
      whose first logits are its classes' scores.

      EXAMPLES
        alambic export thermostat
        alambic export stories.checkpoint --out stories.atome --json
        alambic export stories.atome --format atome02 --out small.atome
        alambic export stories.atome --format integer --calibrate a.txt --out i.atome
        alambic export thermostat --playground thermostat.html
        alambic export model.atome --playground page.html --frame "> {}\\n"
        alambic export c.checkpoint --format atomecl --labels 1,2,3 --out c.atomecl
      """.paragraphs)

  /// What an export can write.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case atome01, atome02, integer, atomecl

    /// How trits are packed; nil for the format that packs them in its own way.
    var packing: AtomePacking? {
      switch self {
      case .atome01: .atome01
      case .atome02: .atome02
      case .integer, .atomecl: nil
      }
    }
  }

  @Argument(
    help: ArgumentHelp(
      "A checkpoint's or a float image's file, with --out; or a corpus.", valueName: "source"))
  var source: String
  @Option(help: "The format; atome01 unless given, of a compact student integer.")
  var format: Format?
  @Option(help: "How wide remembered keys and values are in the integer engine: int16 or int8.")
  var cache: CacheWidth?
  @Option(
    help: ArgumentHelp(
      "Held-out text to choose the integer form's units by: a file, a corpus, or a folder of shards "
        + "(default: what the student writes itself).",
      valueName: "text"))
  var calibrate: String?
  @Option(
    help: ArgumentHelp(
      "Of a classifier, whose --calibrate is texts: the field that holds one (default: text).", valueName: "field"))
  var text: String?
  @Option(
    help: ArgumentHelp(
      "Of a classifier: names of a table's columns, where its first row is a record.", valueName: "names"))
  var columns: String?
  @OptionGroup var shape: ShapeOptions
  @Option(help: ArgumentHelp("A page that lets the image talk, in one file.", valueName: "file"), completion: .file())
  var playground: String?
  @Option(
    help: ArgumentHelp(
      "With --playground, what stands around what is typed: \"> {}\\n\" (of a corpus, as its texts have it).",
      valueName: "text"))
  var frame: String?
  @Option(
    help: ArgumentHelp(
      "With --format atomecl: the labels that the student answers with, separated by commas, in the classes' order.",
      valueName: "names"))
  var labels: String?
  @Option(name: .customLong("out"), help: ArgumentHelp("The image.", valueName: "file"))
  var output: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.export/1"
    var output: String
    var image: ContentID
    var byteCount: Int
    /// Of the integer form, on the text that it was calibrated on.
    var floatBitsPerByte: Double?
    var integerBitsPerByte: Double?
  }

  func run() async throws {
    if let playground { return try await exportPage(to: playground) }
    guard frame == nil else { throw HintedError("--frame is for --playground", status: .usage) }
    guard (labels == nil) == (format != .atomecl) else {
      throw HintedError("--labels and --format atomecl go together", status: .usage)
    }
    if let labels { return try exportClassifier(labels.split(separator: ",").map(String.init)) }
    if let packing = chosenFormat.packing {
      try await exportFloat(packing)
    } else {
      try await exportInteger()
    }
  }

  /// What was said of integers, and a compact student, which has no other form, ask for integers.
  private var chosenFormat: Format {
    format ?? (calibrate != nil || cache != nil || (output != nil && isCompact) ? .integer : .atome01)
  }

  private func exportFloat(_ packing: AtomePacking) async throws {
    guard cache == nil, calibrate == nil else {
      throw HintedError(
        "--cache and --calibrate are for the integer form", hint: "add --format integer", status: .usage)
    }
    guard let output else { return try await exportCorpus() }
    let published = ClassifierExport(source: source, shape: try shape.requestedShape())
    if published.readsClassifier {
      let image = try published.image(packing: packing)
      try AtomicFile.write(image, to: output)
      return try show(Answer(output: output, image: ContentID(of: image), byteCount: image.count))
    }
    let bytes = try ExportRun(
      source: source, output: output, packing: packing, shape: try shape.requestedShape()
    ).run()
    try show(Answer(output: output, image: ContentID(of: bytes), byteCount: bytes.count))
  }

  private func exportClassifier(_ labels: [String]) throws {
    guard let output, cache == nil, calibrate == nil else {
      throw HintedError(
        "--format atomecl needs --out, and has neither --cache nor --calibrate",
        hint: "alambic export \(source) --format atomecl --labels 1,2,3 --out classifier.atomecl", status: .usage)
    }
    let bytes = try ClassifierExport(source: source, shape: shape.requestedShape()).classifier(labels: labels)
    try AtomicFile.write(bytes, to: output)
    try show(Answer(output: output, image: ContentID(of: bytes), byteCount: bytes.count))
  }

  private func exportCorpus() async throws {
    guard !FileManager.default.fileExists(atPath: source) else {
      throw HintedError(
        "export \(source) to what?",
        hint: "add --out \(URL(fileURLWithPath: source).deletingPathExtension().lastPathComponent).atome",
        status: .usage)
    }
    if try format != nil || shape.requestedShape() != nil {
      throw HintedError(
        "--format, --shape and --preset are for a file; a corpus is exported as ATOME01", hint: "give --out as well",
        status: .usage)
    }
    try await common.run(.export, of: source)
  }

  private func exportPage(to path: String) async throws {
    guard format == nil, calibrate == nil, cache == nil, output == nil else {
      throw HintedError(
        "--playground makes a page of an image as it is", hint: "export the image first, then its page",
        status: .usage)
    }
    let isFile = FileManager.default.fileExists(atPath: source)
    let imagePath = isFile ? source : common.place.image(source)
    let image = try AtomicFile.read(imagePath)
    // A page for an image that the engine refuses would only say so.
    let head = try ModelImage(reading: image, name: imagePath).head
    guard head == nil || frame == nil else {
      throw HintedError(
        "\(imagePath) is a classifier, whose texts have no --frame", hint: "leave it out", status: .usage)
    }
    var export = try isFile ? pageOfFile(of: head) : Workbench(workspace: common.place).playground(source)
    if let frame { (export.page.before, export.page.after) = try Self.parts(of: frame) }
    let page = try await export.html(image)
    try AtomicFile.write(page, to: path)
    try show(Answer(output: path, image: ContentID(of: image), byteCount: page.utf8.count))
  }

  /// - Parameter head: of a classifier.
  private func pageOfFile(of head: LabelHead?) throws -> PlaygroundExport {
    let name = URL(fileURLWithPath: source).deletingPathExtension().lastPathComponent
    let description =
      head.map { "A classifier of Alambic: it gives a text one of \($0.labels.count) labels, or none." }
      ?? "A student of Alambic."
    return PlaygroundExport(
      page: Playground(name: name, description: description),
      firmware: try FirmwareFolder.locate(), buildFolder: common.place.firmwareBuild("playground"))
  }

  private static func parts(of frame: String) throws -> (String, String) {
    let parts = frame.replacing("\\n", with: "\n").split(separator: "{}", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw HintedError("--frame '\(frame)' has not one {}", hint: "for example \"> {}\\n\"", status: .usage)
    }
    return (String(parts[0]), String(parts[1]))
  }

  private func exportInteger() async throws {
    guard let output else {
      throw HintedError(
        "the integer form needs --out",
        hint: "alambic export \(source) --format integer --calibrate held-out.txt --out model-integer.atome",
        status: .usage)
    }
    if let export = try HeadExport(checkpoint: source) { return try exportHead(export, output) }
    guard text == nil, columns == nil else {
      throw HintedError("--text and --columns are for a classifier's checkpoint", status: .usage)
    }
    try refuseCacheOfGPT()
    let export = IntegerExport(
      source: source, shape: try shape.requestedShape(), output: output, cache: cache,
      text: try calibrate.map(common.place.text(named:)))
    sayCalibration(on: export.text)
    let outcome = try await export.run()
    try show(
      Answer(
        output: output, image: ContentID(of: outcome.image), byteCount: outcome.image.count,
        floatBitsPerByte: outcome.float.bitsPerByte, integerBitsPerByte: outcome.integer.bitsPerByte))
  }

  private func sayCalibration(on text: [UInt8]?) {
    guard let text, let calibrate else {
      return common.printer.say(
        "calibrating on \(ReadableUnits.bytes(IntegerExport.ownByteCount)) that the student writes itself; "
          + "--calibrate takes held-out text instead")
    }
    common.printer.say("calibrating on \(ReadableUnits.count(text.count)) bytes of \(calibrate)")
  }

  private func exportHead(_ export: HeadExport, _ output: String) throws {
    guard let calibrate else {
      throw HintedError(
        "\(source) is a classifier, whose units are chosen by texts",
        hint: "alambic export \(source) --calibrate TABLE --out \(output); if the table's first row is not a heading, "
          + "add --columns with the columns' names", status: .usage)
    }
    let texts = try LabelledTexts(
      lines: calibrate, text: text ?? "text", columns: columns.map { $0.split(separator: ",").map(String.init) })
    common.printer.say("calibrating on \(ReadableUnits.count(texts.examples.count)) texts of \(calibrate)")
    let outcome = try export.run(texts.examples.map(\.text), to: output)
    common.printer.say(
      "\(outcome.same.rightCount) of \(outcome.same.count) texts have the same label in floats and in integers")
    try show(Answer(output: output, image: ContentID(of: outcome.image), byteCount: outcome.image.count))
  }

  /// A plain GPT's engine remembers keys and values in 8 bits.
  private func refuseCacheOfGPT() throws {
    guard cache != nil, isGPT else { return }
    throw HintedError(
      "--cache is for an atome model; a plain GPT's engine remembers in 8 bits", hint: "leave it out", status: .usage)
  }

  private var isGPT: Bool { architecture == .gpt }
  private var isCompact: Bool { architecture == .compact }

  /// Of a checkpoint.
  private var architecture: Architecture? {
    try? CheckpointFile.architecture(of: AtomicFile.read(source), name: source)
  }

  private func show(_ answer: Answer) throws {
    guard !common.json else { return try Output.json(answer) }
    if let float = answer.floatBitsPerByte, let integer = answer.integerBitsPerByte {
      let cost = integer - float
      common.printer.say(
        "bits per byte: float \(float.rounded(toPlaces: 4)), integer \(integer.rounded(toPlaces: 4)) "
          + "(\(cost < 0 ? "" : "+")\(cost.rounded(toPlaces: 4)))")
    }
    let size = ReadableUnits.bytes(answer.byteCount)
    if playground != nil {
      common.printer.say("\(answer.output): \(size), with the image \(answer.image)")
      return common.printer.say("next: open \(answer.output) in a browser")
    }
    common.printer.say("\(answer.output): \(size) · \(answer.image)")
    guard labels == nil else { return }
    common.printer.say(
      isGPT ? "next: make -C firmware count-gpt IMAGE=\(answer.output)" : "next: alambic verify \(answer.output)")
  }
}

extension CacheWidth: ExpressibleByArgument {
  public init?(argument: String) {
    guard let width = CacheWidth.allCases.first(where: { "\($0)" == argument }) else { return nil }
    self = width
  }

  public static var allValueStrings: [String] { allCases.map { "\($0)" } }
}
