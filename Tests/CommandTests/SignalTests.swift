import Basics
import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// The first SIGINT or SIGTERM ends every command within a second, or it says what it waits for.
@Suite(.serialized) struct SignalTests {
  /// A command at work for much longer than the test: on a pipe that nobody writes into, or on too much input.
  struct LongWork: CustomTestStringConvertible, Sendable {
    var line: String
    /// Whether standard input is a pipe that stays open.
    var reads = false
    /// What it may wait for; nil where it just has to end.
    var awaited: String?
    /// Exit status: the same command goes on from there, or it starts again.
    var status: Int32 = 130
    var testDescription: String { line }
  }

  static let works =
    [
      LongWork(line: "talk $IMAGE --bytes 1000000 --prompt x"),
      // A prompt is read whole before anything looks up.
      LongWork(line: "talk $IMAGE < huge.txt"),
      LongWork(line: "talk $IMAGE", reads: true),
      LongWork(line: "talk $IMAGE --json", reads: true),
      LongWork(line: "teacher recognise thermostat", reads: true),
      // Exponentially many ways to read a line that is none of the grammar.
      LongWork(line: "teacher recognise endless < x.txt"),
      LongWork(line: "bench $IMAGE --rounds 100000 --bytes 100000"),
      LongWork(line: "bench --training atome-944k --batch 4096 --window 1024"),
      LongWork(line: "bench --vocabulary text.txt --bytes 50000000"),
      LongWork(line: "evaluate $IMAGE --data text.txt"),
      LongWork(line: "evaluate $IMAGE --data text.txt --calibration"),
      LongWork(
        line: "train --data text.txt --preset atome-944k --batch 65536 --window 1024 --steps 2 --out x.checkpoint",
        awaited: "the training step under way, and its checkpoint", status: 75),
      LongWork(line: "compare --data text.txt --preset-set 21kb --steps 100000 --out study", status: 75),
      LongWork(line: "curate --input many.txt --output curated"),
    ] + (Emulation.isPresent ? [LongWork(line: "verify $IMAGE --prompts 100 --bytes 4000")] : [])

  @Test("a signal ends it", arguments: works, [Signal.interrupt, .terminate])
  func ends(work: LongWork, signal: Signal) async throws {
    try await withTemporaryFolder { folder in
      try Self.prepare(folder, for: work)
      let outcome = try await Self.run(work, signal, in: folder)
      #expect(outcome.seconds < Self.limitSeconds, "\(outcome)")
      if let awaited = work.awaited {
        #expect(outcome.messages.contains("stopping: this waits for \(awaited); a second signal"), "\(outcome)")
      } else {
        #expect(outcome.status == work.status, "\(outcome)")
        let said = outcome.messages.contains(work.status == 75 ? "error: stopped\n" : "error: interrupted\n")
        #expect(said, "\(outcome)")
      }
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      #expect(!names.contains { UnfinishedFiles.isTemporary(URL(fileURLWithPath: $0).lastPathComponent) }, "\(names)")
    }
  }

  /// A second on a machine of one's own; this one may be shared.
  private static let limitSeconds = 6.0
  /// Until the program is deep in its work.
  private static let startSeconds = 0.7

  private struct Outcome: Sendable {
    var status: Int32
    var messages: String
    /// From the signal to the end, or to the first word about waiting.
    var seconds: Double
  }

  private static func prepare(_ folder: String, for work: LongWork) throws {
    let sentence = "The lamp in the hall is on, and the heater keeps the attic at twenty degrees. "
    try AtomicFile.write(String(repeating: sentence, count: 1 << 15), to: "\(folder)/text.txt")
    if work.line.contains("many.txt") {
      let lines = (0..<200_000).map {
        "\($0) is a text of its own, number \($0 * 7919 % 104_729), and no other is.\n\n"
      }
      try AtomicFile.write(lines.joined(), to: "\(folder)/many.txt")
    }
    if work.line.contains("huge.txt") {
      // One line, which is one prompt.
      try AtomicFile.write([UInt8](repeating: UInt8(ascii: "a"), count: 20_000_000), to: "\(folder)/huge.txt")
    }
    // Each rule says the next one or the next but one.
    try AtomicFile.write("xy\n", to: "\(folder)/x.txt")
    let rules = (0..<60).map { #"  r\#($0): ["<r\#($0 + 1)>", "<r\#($0 + 2)>"]"# } + ["  r60: [x]", "  r61: [x]"]
    try AtomicFile.write(
      "schema: alambic.grammar/1\nname: endless\nstart: r0\nrules:\n" + rules.joined(separator: "\n") + "\n",
      to: "\(folder)/teachers/endless.grammar.yaml")
    for name in ["thermostat", "endless"] {
      let profile = try AtomicFile.read("\(PackageRoot.path)/teachers/thermostat.yaml")
      try AtomicFile.write(
        String(decoding: profile, as: UTF8.self).replacing("thermostat", with: name),
        to: "\(folder)/teachers/\(name).yaml")
    }
    try FileManager.default.copyItem(
      atPath: "\(PackageRoot.path)/teachers/thermostat.grammar.yaml",
      toPath: "\(folder)/teachers/thermostat.grammar.yaml")
    try FileManager.default.createDirectory(atPath: "\(folder)/Corpora", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/firmware", withDestinationPath: "\(PackageRoot.path)/firmware")
  }

  private static func run(_ work: LongWork, _ signal: Signal, in folder: String) async throws -> Outcome {
    let image = PublishedImage.small
    let line = work.line.replacing("$IMAGE", with: "'\(try image.path)' --preset \(image.preset)")
    // `sleep` holds the pipe open and writes nothing into it; the program takes the place of its shell.
    let command = "\(work.reads ? "exec < <(exec sleep 20 2> /dev/null); " : "")exec \"$0\" \(line)"
    let clock = ContinuousClock()
    let result = try await Subprocess.run(
      .path("/bin/bash"), arguments: ["-c", command, AlambicCommand.program],
      environment: .inherit.updating(["ALAMBIC_PROJECT": folder, "ALAMBIC_WORKSPACE": nil]),
      workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 26), error: .string(limit: 1 << 20)
    ) { execution in
      try await Task.sleep(for: .seconds(work.awaited == nil ? startSeconds : 4 * startSeconds))
      let start = clock.now
      try? execution.send(signal: signal)
      if work.awaited != nil {
        // What is waited for may take long: the second signal ends it.
        try await Task.sleep(for: .seconds(2))
        try? execution.send(signal: signal)
      }
      return start
    }
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return Outcome(
      status: status, messages: result.standardError, seconds: (clock.now - result.closureResult) / .seconds(1))
  }
}
