import ArgumentParser
import Basics
import Console
import Formats
import Foundation
import Networks
import Workbench

/// `alambic run`: training runs of this workspace.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "List training runs, follow one, or show how one went.",
    discussion: """
      EXAMPLES
        alambic run list
        alambic run watch thermostat
        alambic run show thermostat --json
      """.paragraphs,
    subcommands: [RunListCommand.self, RunWatchCommand.self, RunShowCommand.self])
}

/// `alambic run show`.
struct RunShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run's settings, its curve in bits per byte over steps, and its score.",
    discussion: """
      The score is that of the image which was exported from this run, where it has been evaluated.

      EXAMPLES
        alambic run show thermostat
        alambic run show thermostat --json
      """.paragraphs)
  @OptionGroup var argument: CorpusArgument
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.run/1"
    var corpus: String
    var checkpoint: ContentID
    var shape: ImageShape
    var settings: TrainingSettings
    var history: [RunLog.Point]
    /// Nil where the run's image was not evaluated.
    var score: Score?
  }

  func run() throws {
    let path = "\(common.place.run(argument.corpus))/checkpoint"
    let bytes = try AtomicFile.read(path)
    let checkpoint = try CheckpointFile.read(bytes, name: path)
    let history = try RunLog.read("\(path).progress.jsonl")
    let id = ContentID(of: bytes)
    let score = try RunScore.find(of: id, corpus: argument.corpus, in: common.place)
    if common.json {
      return try Output.json(
        Answer(
          corpus: argument.corpus, checkpoint: id, shape: try ImageShape(checkpoint.shape),
          settings: checkpoint.settings,
          history: history, score: score))
    }
    Output.text(
      "\(checkpoint.shape), recipe \(checkpoint.settings.recipe), bits per byte:\n\n\(Self.curve(history))")
    if let score { Output.text("\nWholly right, in per cent:\n\n\(ScoreTable.text(score))") }
  }

  private static func curve(_ history: [RunLog.Point]) -> String {
    var table = Table([
      ("step", .right), ("train", .right), ("held out", .right), ("rate", .right), ("gradient", .right),
    ])
    for point in history {
      table.add([
        ReadableUnits.count(point.step), point.trainBitsPerByte.rounded(toPlaces: 4),
        point.heldOutBitsPerByte.rounded(toPlaces: 4), Double(point.learningRate).rounded(toPlaces: 5),
        point.gradientNorm.rounded(toPlaces: 3),
      ])
    }
    return table.text
  }
}
