import Foundation
import Subprocess
import SystemPackage
import Testing

/// Runs the real `alambic` program, as a person would.
public struct AlambicCommand: Sendable {
  /// What one run left: exit status and both streams, whole.
  public struct Outcome: Sendable {
    public var status: Int32
    public var standardOutput: String
    public var standardError: String

    /// Standard output as one JSON object.
    public func json() throws -> [String: Any] {
      let value = try JSONSerialization.jsonObject(with: Data(standardOutput.utf8))
      return try #require(value as? [String: Any], "standard output is not one JSON object: \(standardOutput)")
    }
  }

  /// The folder in which it runs, and where its `.alambic` workspace goes.
  public var folder: String

  public init(in folder: String) { self.folder = folder }

  /// The program that was built beside these tests.
  public static let program: String = {
    let arguments = CommandLine.arguments
    if let flag = arguments.firstIndex(of: "--test-bundle-path"), flag + 1 < arguments.count {
      var url = URL(fileURLWithPath: arguments[flag + 1])
      while url.path != "/" {
        url.deleteLastPathComponent()
        let candidate = url.appendingPathComponent("alambic").path
        if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      }
    }
    return "\(PackageRoot.path)/.build/release/alambic"
  }()

  /// Runs it with these arguments; a missing program fails the test.
  public func run(_ arguments: [String], environment: [String: String] = [:], input: String = "") async throws
    -> Outcome
  {
    var updates: [Environment.Key: String?] = ["ALAMBIC_PROJECT": PackageRoot.path, "ALAMBIC_WORKSPACE": nil]
    for (name, value) in environment { updates[.init(stringLiteral: name)] = value }
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: .inherit.updating(updates),
      workingDirectory: FilePath(folder), input: .string(input), output: .string(limit: 1 << 26),
      error: .string(limit: 1 << 24))
    return Outcome(
      status: Self.code(result.terminationStatus), standardOutput: result.standardOutput,
      standardError: result.standardError)
  }

  /// Runs it with the words of one line; no quoting.
  public func callAsFunction(_ line: String) async throws -> Outcome {
    try await run(line.split(separator: " ").map(String.init))
  }

  private static func code(_ status: TerminationStatus) -> Int32 {
    switch status {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  }
}
