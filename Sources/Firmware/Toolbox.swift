import Basics
import Foundation
import Subprocess
import SystemPackage

/// The system's programs that build and run firmware: finds them, runs them with a time limit, says how to install one
/// that is missing.
public struct Toolbox: Sendable {
  /// Folders to search, separated by colons.
  let searchPath: String

  /// - Parameter searchPath: the environment's `PATH` unless given.
  public init(searchPath: String? = nil) {
    self.searchPath = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
  }

  /// How a program ended.
  package struct Outcome: Sendable {
    package var status: TerminationStatus
    package var output: String
    package var messages: String

    package var didSucceed: Bool { status.isSuccess }
  }

  /// Whether a program is there, by its name or its path.
  public func contains(_ name: String) -> Bool {
    if name.contains("/") { return FileManager.default.isExecutableFile(atPath: name) }
    return searchPath.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }

  /// - Throws: `HintedError` with the line that installs the first program that is missing.
  public func require(_ names: [String]) throws {
    for name in names where !contains(name) {
      throw HintedError(
        "\(name) is not installed", hint: "sudo apt-get install --yes \(Self.packages[name] ?? name)",
        code: .missingTool)
    }
  }

  /// The first line of `--version`.
  public func version(of name: String) async throws -> String {
    let outcome = try await run(name, ["--version"], in: "/", timeLimit: .seconds(30))
    return outcome.output.split(whereSeparator: \.isNewline).first.map(String.init) ?? name
  }

  /// Runs a program to its end.
  /// - Throws: `HintedError` when it is missing or is still running after `timeLimit`; it is then ended.
  package func run(
    _ name: String, _ arguments: [String], in folder: String, timeLimit: Duration, outputByteLimit: Int = 1 << 20
  ) async throws -> Outcome {
    try require([name])
    return try await withThrowingTaskGroup(of: Outcome?.self) { group in
      group.addTask {
        try await Stopping.waits(for: "\(name), which was asked to end") {
          try await start(name, arguments, in: folder, outputByteLimit)
        }
      }
      group.addTask {
        try await Task.sleep(for: timeLimit)
        return nil
      }
      defer { group.cancelAll() }
      if let outcome = try await group.next() ?? nil { return outcome }
      throw HintedError(
        "\(name) did not end within \(ReadableUnits.duration(seconds: timeLimit.seconds))",
        hint: "give it fewer prompts or bytes, or a longer time limit", status: .unavailable)
    }
  }

  /// What a program's words depend on. Below another make, as of `make -s demo`, its flags would be inherited: no
  /// command would be said of those that a report quotes.
  private static func environment(_ searchPath: String) -> [Environment.Key: String?] {
    ["PATH": searchPath, "LC_ALL": "C", "MAKEFLAGS": nil, "MFLAGS": nil, "GNUMAKEFLAGS": nil, "MAKEFILES": nil]
  }

  private func start(
    _ name: String, _ arguments: [String], in folder: String, _ outputByteLimit: Int
  ) async throws -> Outcome {
    // No session of its own: an interrupt from the keyboard must reach it. Make ends its compilers when it is asked to
    // end.
    var options = PlatformOptions()
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    do {
      let result = try await Subprocess.run(
        name.contains("/") ? .path(FilePath(name)) : .name(name), arguments: Arguments(arguments),
        environment: .inherit.updating(Self.environment(searchPath)), workingDirectory: FilePath(folder),
        platformOptions: options, output: .string(limit: outputByteLimit), error: .string(limit: 1 << 20))
      return Outcome(
        status: result.terminationStatus, output: result.standardOutput, messages: result.standardError)
    } catch let error as SubprocessError {
      throw HintedError("\(name) could not be run: \(error)", status: .unavailable)
    }
  }

  /// The Debian packages of each program, where they are not called like it. The Arm compiler needs newlib's headers.
  static let packages = [
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi", "cc": "gcc", "wasm-ld": "lld",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf", "qemu-system-riscv32": "qemu-system-misc",
    "qemu-system-riscv64": "qemu-system-misc",
  ]
}

extension Duration {
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
