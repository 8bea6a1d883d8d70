import ArgumentParser
import Basics
import Console
import Conversation
import Formats
import Lineage
import Model
import Workbench

/// `alambic wake score`.
struct WakeScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Say how often a student recognises its word, or when it hears it in a recording.",
    discussion: """
      Of records, the figures are of the test side (--side): a record is accepted where any of its steps
      reaches the threshold. Of a WAV file, each time at which the word is heard.

      EXAMPLES
        alambic wake score alambic.jsonl --model alambic.atome
        alambic wake score kitchen.wav --model alambic.atome
      """.paragraphs)

  @Argument(help: ArgumentHelp("Records, or a .wav file.", valueName: "file"), completion: .file())
  var file: String
  @Option(
    help: ArgumentHelp("The image that `wake train` wrote; its .wake.json lies beside it.", valueName: "file"),
    completion: .file())
  var model: String
  @Option(help: "train, validate or test.")
  var side = ClipFolder.Side.test
  @Option(help: "c or swift.")
  var engine = HostEngine.c
  @Option(
    name: .customLong("samples"),
    help: ArgumentHelp("Of a .wav file, also write what a board gets: int16 at 16 kHz.", valueName: "file"))
  var samplesFile: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.wake-scores/1"
    var image: ContentID
    var threshold: Int32
    var report: WakeReport?
    /// Of a recording: the seconds at which the word was heard, and every step's score.
    var heard: [Double]?
    var scores: [Int32]?
  }

  func run() throws {
    let settings = try WakeWordFile(reading: WakeFiles(image: model).json)
    let scoring = try WakeScoring(LoadedImage(path: model), settings, engine: engine)
    var answer = Answer(image: settings.image, threshold: settings.threshold)
    if file.lowercased().hasSuffix(".wav") {
      let recording = try WakeRecording(file)
      if let samplesFile { try AtomicFile.write(recording.bytes, to: samplesFile) }
      let answers = try scoring.answers(to: recording)
      answer.scores = answers.map(\.score)
      answer.heard = answers.indices.filter { answers[$0].isHeard }.map { WakeRecording.time(ofStep: $0) }
    } else {
      let records = try WakeRecord.read(file).filter { $0.side == side }
      guard !records.isEmpty else { throw HintedError("\(file) has no records of the side '\(side.rawValue)'") }
      answer.report = WakeReport(peaks: try scoring.peaks(of: records), of: records, threshold: settings.threshold)
    }
    if common.json { return try Output.json(answer) }
    for time in answer.heard ?? [] { Output.text("\(time.rounded(toPlaces: 2)) s: \(settings.word)") }
    if let heard = answer.heard { common.printer.say("heard \(heard.count) times") }
    guard let report = answer.report else { return }
    Output.text("\(side.rawValue) voices: \(report.line)")
    for mistake in report.mistaken.prefix(10) {
      let word = mistake.word.isEmpty ? "noise" : "'\(mistake.word)'"
      Output.text("  \(word): \(mistake.accepted.count) of \(mistake.accepted.total)")
    }
  }
}

extension ClipFolder.Side: ExpressibleByArgument {}
