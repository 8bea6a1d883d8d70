import ArgumentParser
import Basics
import Foundation
import Lineage

/// Options of commands that may work on one part of many.
struct PartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ask one part of N, into a folder of its own; `auto` or `auto/N` takes it from the array job.", valueName: "I/N"))
  var part: String?
  @Option(help: ArgumentHelp("Parts that run at the same time, and share the pace (default: all).", valueName: "count"))
  var atOnce: Int?

  func validate() throws {
    if atOnce != nil, part == nil { throw ValidationError("--at-once is for --part") }
    if let atOnce, atOnce < 1 { throw ValidationError("--at-once is \(atOnce); it is at least 1") }
  }

  /// - Throws: `HintedError` for a part that is none, and for an environment that says none.
  func resolve(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Part? {
    try part.map { try PartName.part(named: $0, environment: environment) }
  }

  func sharingCount(of part: Part) throws -> Int { min(atOnce ?? part.count, part.count) }
}

/// How a part is named on the command line: `3/16`, or `auto`, which leaves it to whoever starts many of them.
enum PartName {
  private static let usage = "write it as 3/16, or as auto in an array job of Slurm, or as auto/16"

  static func part(named text: String, environment: [String: String]) throws -> Part {
    let words = text.split(separator: "/", omittingEmptySubsequences: false)
    if words.first == "auto", words.count <= 2 {
      let count = try words.count == 2 ? number(words[1], in: text) : nil
      return try part(of: count, environment)
    }
    guard words.count == 2 else { throw HintedError("--part is '\(text.prefix(40))'", hint: usage, status: .usage) }
    return try Part(number(words[0], in: text), of: number(words[1], in: text))
  }

  private static func number(_ word: Substring, in text: String) throws -> Int {
    guard let number = Int(word), word.allSatisfy(\.isNumber) else {
      throw HintedError("--part is '\(text.prefix(40))'", hint: usage, status: .usage)
    }
    return number
  }

  /// - Parameter count: nil where the environment must say it.
  private static func part(of count: Int?, _ environment: [String: String]) throws -> Part {
    func value(_ name: String) -> Int? { environment[name].flatMap(Int.init) }
    if let index = value("SLURM_ARRAY_TASK_ID") {
      if let count { return try Part(index, of: count) }
      // Of an array that was submitted for a few parts, Slurm knows their number, not that of all.
      guard let count = value("SLURM_ARRAY_TASK_COUNT"), value("SLURM_ARRAY_TASK_MIN") == 1,
        value("SLURM_ARRAY_TASK_MAX") == count
      else {
        throw HintedError(
          "--part auto needs an array from 1 to the number of parts, and this one is another",
          hint: "submit it with --array=1-16, or say --part auto/16", status: .usage)
      }
      return try Part(index, of: count)
    }
    if let index = value("JOB_COMPLETION_INDEX") {
      guard let count else {
        throw HintedError(
          "--part auto needs the number of parts, which Kubernetes does not say", hint: "say --part auto/16",
          status: .usage)
      }
      return try Part(index + 1, of: count)
    }
    throw HintedError(
      "--part auto finds neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX",
      hint: "say the part, as in --part 3/16", status: .usage)
  }
}
