import ArgumentParser
import Basics
import Console
import Foundation
import Workbench

/// `alambic run watch`.
struct RunWatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Follow a run that another process is at, until it ends.",
    discussion: """
      A run tells where it stands each time it saves, every few seconds. On a terminal one line is
      redrawn; elsewhere a line is printed now and then. The exit status is 75 when the run was
      stopped before its last step. Without an argument: the workspace's only running run.

      EXAMPLES
        alambic run watch thermostat
        alambic run watch stories.checkpoint | tee run.log
      """.paragraphs)
  @Argument(help: ArgumentHelp("A corpus, or a checkpoint's path.", valueName: "run"), completion: .file())
  var target: String?
  @OptionGroup var common: CommonOptions

  func run() async throws {
    guard !common.json else {
      throw HintedError(
        "run watch prints lines, not JSON", hint: "ask `alambic run list --json` again and again", status: .usage)
    }
    var status = try find()
    let terminal = Terminal.standardOutput()
    let printer = ProgressPrinter(terminal: terminal) { StandardStream.write($0) }
    var follower = RunFollower()
    while status.state == .running {
      follower.observe(status)
      let line = follower.line(status)
      printer.update(line)
      try await Task.sleep(for: .milliseconds(200))
      guard let next = RunStatus(output: status.output, name: status.name) else { break }
      status = next
    }
    try finish(status, printer)
  }

  private func finish(_ status: RunStatus, _ printer: ProgressPrinter) throws {
    let quality = status.bitsPerByte.map { " · \($0.rounded(toPlaces: 4)) bits per byte held out" } ?? ""
    guard status.state == .finished else {
      throw HintedError(
        "\(status.name) was stopped: \(RunText.amount(status)) steps are saved\(quality)",
        hint: "the command that began it goes on from there", status: .stopped)
    }
    printer.say("\(status.name)  finished · \(RunText.amount(status)) steps\(quality)")
  }

  private func find() throws -> RunStatus {
    guard let target else { return try onlyRunning() }
    let suffix = ".progress.jsonl"
    let path = target.hasSuffix(suffix) ? String(target.dropLast(suffix.count)) : target
    let inWorkspace = "\(common.place.run(target))/checkpoint"
    if let found = RunStatus(output: inWorkspace, name: target) ?? RunStatus(output: path, name: path) { return found }
    throw HintedError(
      "there is no run named '\(target)', and no checkpoint, whole or partial, at that path",
      hint: "`alambic run list` names the runs of this workspace")
  }

  private func onlyRunning() throws -> RunStatus {
    let running = RunStatus.all(in: common.place).filter { $0.state == .running }
    guard let only = running.first, running.count == 1 else {
      throw HintedError(
        running.isEmpty ? "no run of this workspace is running" : "several runs are running",
        hint: running.isEmpty
          ? "name a checkpoint's path to follow one elsewhere"
          : "name one: \(running.map(\.name).joined(separator: ", "))", status: .usage)
    }
    return only
  }
}
