import Basics
import Firmware
import Foundation

/// Slurm's programs. Nothing stays resident: each call asks the controller.
struct Slurm: Sendable {
  private let toolbox = Toolbox()

  /// - Throws: `HintedError` on a machine without Slurm.
  func require() throws {
    guard toolbox.contains("sbatch"), toolbox.contains("squeue"), toolbox.contains("scancel") else {
      throw HintedError(
        "Slurm is not on this machine: sbatch, squeue and scancel are not on the PATH",
        hint: "run this where the cluster takes jobs; `alambic ask NAME --part I/N` needs no Slurm",
        status: .unavailable)
    }
  }

  /// - Returns: the job's id.
  func submit(_ script: String, after jobs: [String] = []) async throws -> String {
    let order = jobs.isEmpty ? [] : ["--dependency=afterany:\(jobs.joined(separator: ":"))"]
    let output = try await run("sbatch", ["--parsable"] + order + [script])
    // The id, and a cluster's name behind a semicolon.
    let id = output.split(whereSeparator: \.isNewline).last?.split(separator: ";").first.map(String.init) ?? ""
    guard !id.isEmpty, id.allSatisfy(\.isNumber) else {
      throw HintedError("sbatch answered '\(output.prefix(80))', which is not a job's id", status: .unavailable)
    }
    return id
  }

  func cancel(_ jobs: [String]) async throws {
    guard !jobs.isEmpty else { return }
    _ = try await run("scancel", ["--quiet"] + jobs)
  }

  /// A task of an array job that is not over: `RUNNING`, `PENDING`.
  struct Task: Sendable {
    var job: String
    /// Nil for a job that is no array.
    var index: Int?
    var state: String
  }

  /// This user's tasks that are not over.
  func tasks() async throws -> [Task] {
    let output = try await run("squeue", ["--me", "--array", "--noheader", "--format=%F|%K|%T"])
    return output.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(separator: "|").map(String.init)
      guard words.count == 3 else { return nil }
      return Task(job: words[0], index: Int(words[1]), state: words[2])
    }
  }

  /// How tasks ended, by job and index; nil where the cluster keeps no accounts.
  func endings(of jobs: [String]) async -> [String: String]? {
    let arguments = ["--noheader", "--allocations", "--parsable2", "--format=JobID,State", "--jobs"]
    guard !jobs.isEmpty, toolbox.contains("sacct"),
      let output = try? await run("sacct", arguments + [jobs.joined(separator: ",")])
    else { return nil }
    var endings: [String: String] = [:]
    for line in output.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: "|").map(String.init)
      if words.count == 2 { endings[words[0]] = words[1] }
    }
    return endings
  }

  private func run(_ name: String, _ arguments: [String]) async throws -> String {
    let outcome = try await toolbox.run(
      name, arguments, in: "/", timeLimit: .seconds(120), outputByteLimit: 64 << 20)
    guard outcome.didSucceed else {
      let words = outcome.messages.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no message"
      throw HintedError("\(name) failed: \(words)", hint: "see `sinfo` for the cluster's state", status: .unavailable)
    }
    return outcome.output
  }
}
