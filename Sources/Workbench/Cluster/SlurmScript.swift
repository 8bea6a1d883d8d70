import Formats
import Foundation

/// What `sbatch` is given, as a text: it depends on its inputs alone.
struct SlurmScript: Sendable {
  var cluster: ClusterProfile
  var jobName: String
  /// Further lines of options, without `#SBATCH`.
  var options: [String]
  /// The folder of logs, absolute.
  var folder: String
  /// A log's name, in Slurm's patterns.
  var log: String
  /// Where the program finds its things.
  var environment: [(name: String, value: String)]
  /// Where the arguments' paths start; nil for where `sbatch` was called.
  var startFolder: String?
  /// The program and its arguments, each already a word of the shell.
  var command: [String]

  var text: String {
    var lines = ["#!/bin/bash", "#SBATCH --job-name=\(jobName)"]
    let profile: [(String, String?)] = [
      ("partition", cluster.partition), ("account", cluster.account), ("qos", cluster.qos), ("time", cluster.time),
      ("mem", cluster.memory), ("cpus-per-task", cluster.cpus.map(String.init)),
    ]
    for case (let key, let value?) in profile { lines.append("#SBATCH --\(key)=\(value)") }
    lines += (cluster.options + options).map { "#SBATCH \($0)" }
    // In double quotes, as sbatch reads them: its lines know no others that take a blank.
    lines.append("#SBATCH --output=\"\(folder)/\(log)\"")
    lines += ["#SBATCH --open-mode=append", "set -euo pipefail"]
    lines += cluster.modules.map { "module load \($0)" }
    lines += cluster.setup
    lines += environment.map { "export \($0.name)=\(Self.quoted($0.value))" }
    if let startFolder { lines.append("cd \(Self.quoted(startFolder))") }
    // In the shell's place: signals reach the program.
    lines.append("exec \(command.joined(separator: " "))")
    return lines.joined(separator: "\n") + "\n"
  }

  /// One word of the shell, whatever is in it.
  static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// Numbers in groups whose indices stay below a cluster's limit: part = offset + index, indices from 1.
  static func chunks(of numbers: [Int], maxArraySize: Int) -> [(offset: Int, indices: [Int])] {
    let size = maxArraySize - 1
    var chunks: [(offset: Int, indices: [Int])] = []
    for number in numbers {
      let offset = (number - 1) / size * size
      if chunks.last?.offset != offset { chunks.append((offset, [])) }
      chunks[chunks.count - 1].indices.append(number - offset)
    }
    return chunks
  }
}
