import ArgumentParser
import Basics
import Console
import Foundation
import Workbench

/// `alambic run list`.
struct RunListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List training runs: how far, how good, and whether they go on.",
    discussion: """
      A run is finished, running in some process, or partial: stopped, and resumed by the command
      that began it. Bits per byte are of the last evaluation of the held-out text.

      EXAMPLES
        alambic run list
        alambic run list --path checkpoints --json
      """.paragraphs)
  @Option(
    help: ArgumentHelp("Checkpoints in this folder, instead of the workspace's runs.", valueName: "folder"),
    completion: .directory)
  var path: String?
  @OptionGroup var common: CommonOptions

  private struct Answer: Encodable {
    var schema = "alambic.runs/1"
    var runs: [RunAnswer]
  }

  func run() throws {
    let runs = try path.map { try RunStatus.all(inFolder: $0) } ?? RunStatus.all(in: common.place)
    if common.json { return try Output.json(Answer(runs: runs.map { RunAnswer($0) })) }
    guard !runs.isEmpty else {
      return Output.text("no runs in \(path ?? common.place.root)")
    }
    var table = Table([
      ("run", .left), ("model", .left), ("steps", .right), ("bits per byte", .right), ("state", .left), ("age", .right),
    ])
    for run in runs {
      table.add([
        run.name, run.model ?? "–", RunText.amount(run), run.bitsPerByte?.rounded(toPlaces: 4) ?? "–",
        run.state.rawValue, RunText.age(run),
      ])
    }
    Output.text(table.text)
  }
}

/// A run as a program reads it.
struct RunAnswer: Encodable {
  var name: String
  var checkpoint: String
  var model: String?
  var step: Int
  var stepCount: Int?
  var bitsPerByte: Double?
  var state: RunStatus.State
  var ageSeconds: Double

  init(_ run: RunStatus) {
    name = run.name
    checkpoint = run.output
    model = run.model
    step = run.step
    stepCount = run.stepCount
    bitsPerByte = run.bitsPerByte
    state = run.state
    ageSeconds = max(0, -run.modifiedAt.timeIntervalSinceNow)
  }
}

/// How runs are told to a person.
enum RunText {
  static func amount(_ run: RunStatus) -> String {
    "\(ReadableUnits.count(run.step)) of \(run.stepCount.map(ReadableUnits.count) ?? "?")"
  }

  /// Days where hours would be many.
  static func age(_ run: RunStatus) -> String {
    let seconds = max(0, -run.modifiedAt.timeIntervalSinceNow)
    return seconds < 48 * 3600 ? ReadableUnits.duration(seconds: seconds) : "\(Int(seconds / 86400)) days"
  }
}
