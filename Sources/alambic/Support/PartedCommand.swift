import ArgumentParser
import Basics
import Foundation
import Lineage
import Workbench

/// A command that can be done in parts: `--part I/N` leaves one of them in a folder, and `--merge N` brings them
/// together. Whatever is one of these goes to a scheduler as it is.
protocol PartedCommand: AsyncParsableCommand {
  var part: String? { get }
  var merge: Int? { get }
  /// - Throws: `HintedError` for a command that cannot be done in parts.
  func parted() async throws -> PartedOutput
}

/// Where a command leaves its parts.
struct PartedOutput {
  /// Holds the parts, and the result.
  var folder: String
  /// Holds the parts alone.
  var parts: String
  var unit: PartedWork.Unit
  /// Nil while a part is not complete.
  var completion: @Sendable (Part) -> PartedWork.Completion?
}

/// A command that takes `--part`, as words: what follows `--` on the line of `alambic slurm submit`.
struct PartedCommandLine {
  private static let commands: [any PartedCommand.Type] = [
    CurateCommand.self, CompareCommand.self, EvaluateCommand.self,
  ]

  var words: [String]
  /// Where its paths start, absolute.
  var startFolder: String

  static func here(_ words: [String]) -> PartedCommandLine {
    PartedCommandLine(words: words, startFolder: FileManager.default.currentDirectoryPath)
  }

  /// What was submitted for the folder of its result; from then on this process works where the command does.
  static func submitted(in folder: String) throws -> PartedCommandLine {
    let jobs = try SlurmJobs.ofCommand(in: "\(folder)/parts", of: folder)
    guard let words = jobs.command, let start = jobs.startFolder else {
      throw HintedError("\(folder)/parts/slurm/jobs.json names no command")
    }
    guard FileManager.default.changeCurrentDirectoryPath(start) else {
      throw HintedError(
        "the folder that the parts of \(folder) start in is not there: \(start)",
        hint: "use a machine that shares it", status: .unavailable)
    }
    return PartedCommandLine(words: words, startFolder: start)
  }

  /// Whether a subject is a folder that a command's parts were submitted for, and no corpus.
  static func wasSubmitted(in subject: String) -> Bool {
    subject.contains("/") || SlurmJobs.exist(in: "\(subject)/parts")
  }

  /// - Parameter more: further words.
  func command(_ more: [String] = []) throws -> any PartedCommand {
    let names = Self.commands.compactMap { $0.configuration.commandName }
    guard let type = Self.commands.first(where: { $0.configuration.commandName == words.first }) else {
      throw HintedError(
        "'\(words.first ?? "")' is not a command that takes --part and --merge",
        hint: "these do: \(names.joined(separator: ", ")); a corpus and a sweep are named without --", status: .usage)
    }
    do {
      return try type.parse(Array(words.dropFirst()) + more)
    } catch {
      throw HintedError(
        "`\(words.joined(separator: " "))`: \(type.message(for: error))", hint: "alambic \(words[0]) --help",
        status: .usage)
    }
  }

  func work() async throws -> PartedWork {
    let command = try command()
    guard command.part == nil, command.merge == nil else {
      throw HintedError(
        "\(command.part == nil ? "--merge" : "--part") is what each job is told by itself", hint: "leave it out",
        status: .usage)
    }
    let output = try await command.parted()
    let folder = URL(fileURLWithPath: output.folder).standardizedFileURL
    let name = folder.lastPathComponent.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-"
    }
    return PartedWork(
      words: words, name: String(name), argument: folder.path,
      folder: URL(fileURLWithPath: output.parts).standardizedFileURL.path, startFolder: startFolder, unit: output.unit,
      merge: { words + ["--merge", String($0)] }, completion: output.completion)
  }
}
