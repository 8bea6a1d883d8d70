import ArgumentParser
import Basics
import Console
import Foundation
import Workbench

/// Options of every command.
struct CommonOptions: ParsableArguments {
  @Flag(name: .long, help: "Print one JSON object on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print results only, no progress.")
  var quiet = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The folder for results (default: \(Workspace.defaultRoot), or $\(Workspace.variable)).", valueName: "folder"))
  var workspace: String?

  var place: Workspace { Workspace.resolve(flag: workspace) }

  /// The workspace, to look at: nothing is made.
  /// - Throws: `HintedError` for one that is not there.
  func looking() throws -> Workbench { try Workbench(looking: place, mayBeUnmade: false) }

  /// The same for what can be said of a recipe before anything is made. A workspace that was named is a mistake where
  /// it is not there; the usual one only comes with the first step.
  func lookingAhead() throws -> Workbench {
    let isNamed = place.root != Workspace.defaultRoot
    return try Workbench(
      looking: place, mayBeUnmade: !isNamed || FileManager.default.fileExists(atPath: place.root))
  }

  var printer: ProgressPrinter { ProgressPrinter(terminal: .standardError(), isQuiet: quiet) }
}

/// Results on standard output: JSON with a versioned schema, or text for a person.
enum Output {
  /// Prints one JSON object: sorted keys, indented.
  static func json(_ value: some Encodable) throws {
    StandardStream.write(try CanonicalJSON.pretty(value))
  }

  /// A line of bytes as they are, for a program; on a terminal, what is not UTF-8 shows as U+FFFD.
  static func line(_ bytes: [UInt8]) {
    StandardStream.showsAnswers ? text(String(decoding: bytes, as: UTF8.self)) : StandardStream.write(bytes + [0x0A])
  }

  static func text(_ text: String) {
    StandardStream.write(text + "\n")
  }
}
