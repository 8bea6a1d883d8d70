import ArgumentParser
import Basics
import Foundation
import Study
import Workbench

/// The argument of commands that work on what is done in parts.
struct PartedArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A corpus; a sweep's file, whose name ends in .yaml; or the folder of a command's result.",
      valueName: "corpus|file|folder"),
    completion: .file())
  var subject: String

  var run: PartedRun { PartedRun(subject: subject) }

  func desk(in workspace: Workspace) async throws -> SlurmDesk { try await run.desk(in: workspace) }
}

/// Something that is done in parts, by what it is called.
struct PartedRun {
  var subject: String

  var isSweep: Bool { subject.hasSuffix(".yaml") || subject.hasSuffix(".yml") }
  var isCommand: Bool { !isSweep && PartedCommandLine.wasSubmitted(in: subject) }

  func desk(in workspace: Workspace) async throws -> SlurmDesk {
    guard !isCommand else {
      return try await Self.desk(of: { try PartedCommandLine.submitted(in: subject) }, in: workspace)
    }
    guard !isSweep else {
      return try SlurmDesk(workspace: workspace) { try .sweeping(subject, workspace: $0) }
    }
    let folders = try ProjectFolders.locate()
    return try SlurmDesk(workspace: workspace) {
      try .asking(subject, workspace: $0, folders: folders)
    }
  }

  /// Of a command, which finds the workspace as it will in a job.
  static func desk(of line: () throws -> PartedCommandLine, in workspace: Workspace) async throws -> SlurmDesk {
    let place = Workspace(root: URL(fileURLWithPath: workspace.root).standardizedFileURL.path)
    setenv(Workspace.variable, place.root, 1)
    let work = try await line().work()
    return try SlurmDesk(workspace: place) { _ in work }
  }
}
