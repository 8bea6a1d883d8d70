import ArgumentParser
import Basics
import Console
import Conversation
import Formats
import Foundation
import Lineage
import Networks
import Training
import Workbench

/// `alambic wake`: students that listen for a word.
struct WakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wake",
    abstract: "Train a student that listens for a word, and measure it on voices that it has not heard.",
    discussion: """
      Synthetic voices: scripts/speak-words.

      EXAMPLES
        alambic wake dataset clips --word alambic --out alambic.jsonl
        alambic wake train alambic.jsonl --out alambic.atome
        alambic wake score alambic.jsonl --model alambic.atome
      """.paragraphs,
    subcommands: [WakeDatasetCommand.self, WakeTrainCommand.self, WakeScoreCommand.self])
}

/// `alambic wake dataset`.
struct WakeDatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Turn spoken words into records that a student reads: noise, loudness, other words before.",
    discussion: """
      CLIPS has the folders train, validate and test. In each, a WAV file's folder is the word that is
      said in it: clips/train/anna/alambic/1.wav. Nobody should speak on two sides. Synthetic voices:
      scripts/speak-words. The same clips and seed give the same records.

      EXAMPLES
        alambic wake dataset clips --word alambic --out alambic.jsonl
        alambic wake dataset people --only test --word alambic --out people.jsonl
      """.paragraphs)

  @Argument(help: ArgumentHelp("The folder of clips.", valueName: "clips"), completion: .directory)
  var clips: String
  @Option(help: ArgumentHelp("The wake word, as its folders are called.", valueName: "word"))
  var word: String
  @Option(help: "Records of this side alone; the others' folders may be missing.")
  var only: ClipFolder.Side?
  @Option(help: ArgumentHelp("Records of each clip of the wake word.", valueName: "count"))
  var copies = WakeDataset.Settings(word: "").wordCopyCount
  @Option(help: ArgumentHelp("Where all randomness starts.", valueName: "number"))
  var seed: UInt64 = 0
  @Option(name: .customLong("out"), help: ArgumentHelp("The records: JSON lines.", valueName: "file"))
  var output: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.wake-dataset/1"
    var records: String
    var id: ContentID
    var clipCount: Int
    var sides: [String: Side]
  }

  private struct Side: Encodable {
    var wakeWordCount: Int
    var otherCount: Int
  }

  func run() throws {
    guard 1...1000 ~= copies else { throw HintedError("--copies is \(copies), outside 1…1000", status: .usage) }
    let folder = try ClipFolder(clips, only: only)
    var settings = WakeDataset.Settings(word: word)
    (settings.seed, settings.wordCopyCount) = (seed, copies)
    let records = try WakeDataset(settings).records(of: folder)
    let text = try records.map { try CanonicalJSON.text($0) + "\n" }.joined()
    try AtomicFile.write(text, to: output)
    let sides = Dictionary(grouping: records, by: \.side.rawValue).mapValues { records in
      Side(wakeWordCount: records.count(where: \.isWakeWord), otherCount: records.count { !$0.isWakeWord })
    }
    if common.json {
      return try Output.json(
        Answer(records: output, id: ContentID(of: text), clipCount: folder.clips.count, sides: sides))
    }
    for side in ClipFolder.Side.allCases {
      guard let found = sides[side.rawValue] else { continue }
      Output.text(
        "\(side.rawValue): \(ReadableUnits.count(found.wakeWordCount)) of '\(word)', "
          + "\(ReadableUnits.count(found.otherCount)) others")
    }
    common.printer.say("next: alambic wake train \(output) --out \(word).atome")
  }
}

/// `alambic wake train`.
struct WakeTrainCommand: ParsableCommand, Resumable {
  private static let usual = WakeTraining.Settings()

  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a student on the records' training voices; the validation voices choose its threshold.",
    discussion: """
      Beside the image it writes the threshold (.wake.json, docs/formats/mel.md), and the same for C
      (.wake.h). After a kill the same command goes on: until all is done the student lies in a folder
      beside the image (.training).

      EXAMPLES
        alambic wake train alambic.jsonl --out alambic.atome
        alambic wake train alambic.jsonl --false-accepts 0.001 --out alambic.atome
      """.paragraphs)

  @Argument(help: ArgumentHelp("What `wake dataset` wrote.", valueName: "records"), completion: .file())
  var records: String
  @Option(help: ArgumentHelp("As `train` takes it, of a compact student.", valueName: "numbers"))
  var shape: String?
  @Option(help: ArgumentHelp("Training steps.", valueName: "count"))
  var steps = usual.stepCount
  @Option(
    help: ArgumentHelp(
      "The threshold takes at most this share of the validation voices' other words for the wake word.",
      valueName: "share"))
  var falseAccepts = usual.falseAccepts
  @Option(help: ArgumentHelp("Where all randomness starts.", valueName: "number"))
  var seed: UInt64 = 0
  @Option(name: .customLong("out"), help: ArgumentHelp("The image.", valueName: "file"))
  var output: String
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.wake-training/1"
    var image: String
    var imageID: ContentID
    var settings: String
    var word: String
    var byteCount: Int
    var memoryByteCount: Int
    var threshold: Int32
    var validation: WakeReport
  }

  func run() throws {
    var settings = Self.usual
    (settings.stepCount, settings.falseAccepts, settings.seed) = (steps, falseAccepts, seed)
    if let shape { settings.shape = try CompactShape(parsing: shape) }
    let printer = common.printer
    let files = WakeFiles(image: output)
    let outcome = try WakeTraining(settings).run(WakeRecord.read(records), in: files.training) { metrics in
      guard let bits = metrics.heldOutReplyBitsPerByte else { return }
      printer.say("step \(metrics.step) of \(metrics.stepCount): \(bits.rounded(toPlaces: 4)) bits an answer's byte")
    }
    try AtomicFile.write(outcome.image, to: output)
    try AtomicFile.write(try CanonicalJSON.pretty(outcome.file), to: files.json)
    try AtomicFile.write(outcome.file.cHeader(of: settings.shape), to: files.header)
    try? FileManager.default.removeItem(atPath: files.training)
    let answer = Answer(
      image: output, imageID: outcome.file.image, settings: files.json, word: outcome.file.word,
      byteCount: outcome.image.count, memoryByteCount: try WakeScoring.memoryByteCount(of: outcome.image),
      threshold: outcome.file.threshold, validation: outcome.validation)
    if common.json { return try Output.json(answer) }
    Output.text(
      """
      \(output): \(ReadableUnits.count(answer.byteCount)) bytes of flash, \
      \(ReadableUnits.count(answer.memoryByteCount)) of RAM
      validation voices: \(outcome.validation.line)
      """)
    printer.say("next: alambic wake score \(records) --model \(output), alambic verify \(output)")
  }
}

extension WakeReport {
  fileprivate static func percent(_ share: Share) -> String {
    "\((100 * share.share).rounded(toPlaces: 2)) % (\(ReadableUnits.count(share.count)) of "
      + "\(ReadableUnits.count(share.total)))"
  }

  /// Both shares, for people.
  var line: String {
    "\(Self.percent(recognised)) recognised, \(Self.percent(falseAccepts)) of others taken for it"
  }
}

/// What lies beside a wake word's image.
struct WakeFiles {
  var image: String
  private var stem: String { image.hasSuffix(".atome") ? String(image.dropLast(6)) : image }
  var json: String { "\(stem).wake.json" }
  var header: String { "\(stem).wake.h" }
  /// Of the student while it is trained.
  var training: String { "\(stem).training" }
}
