import ArgumentParser
import Basics
import Study
import Workbench

/// The argument of commands that work on what is done in parts.
struct PartedArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A corpus, or a sweep's file, whose name ends in .yaml.", valueName: "corpus|file"),
    completion: .file(extensions: ["yaml"]))
  var subject: String

  var isSweep: Bool { subject.hasSuffix(".yaml") || subject.hasSuffix(".yml") }

  func desk(in workspace: Workspace) throws -> SlurmDesk {
    try SlurmDesk(workspace: workspace) { workspace, folders in
      isSweep
        ? try .sweeping(subject, workspace: workspace)
        : try .asking(subject, workspace: workspace, folders: folders)
    }
  }
}
