import Foundation
import Subprocess
import SystemPackage
import Testing

/// Runs the real `alambic` program, as a person would.
public struct AlambicCommand: Sendable {
  /// What one run left: exit status and both streams, whole.
  public struct Outcome: Hashable, Sendable {
    public var status: Int32
    public var standardOutput: String
    public var standardError: String

    public init(status: Int32, standardOutput: String = "", standardError: String = "") {
      self.status = status
      self.standardOutput = standardOutput
      self.standardError = standardError
    }

    init<Result: Sendable, Output: OutputProtocol, Error: OutputProtocol>(
      _ result: consuming ExecutionResult<Result, Output, Error>
    ) where Output.OutputType == String, Error.OutputType == String {
      let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
      self.init(status: status, standardOutput: result.standardOutput, standardError: result.standardError)
    }

    /// A refusal: nothing on standard output, and an error with its hint.
    public static func refusal(_ status: Int32, _ error: String, hint: String? = nil) -> Outcome {
      Outcome(status: status, standardError: "error: \(error)\n" + (hint.map { "\nhint: \($0)\n" } ?? ""))
    }

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
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: Self.environment(environment),
      workingDirectory: FilePath(folder), input: .string(input), output: .string(limit: 1 << 26),
      error: .string(limit: 1 << 24))
    return Outcome(result)
  }

  /// This process's environment, with this checkout as the project and a workspace in the folder.
  static func environment(_ changes: [String: String] = [:]) -> Environment {
    var updates: [Environment.Key: String?] = ["ALAMBIC_PROJECT": PackageRoot.path, "ALAMBIC_WORKSPACE": nil]
    for (name, value) in changes { updates[.init(stringLiteral: name)] = value }
    return .inherit.updating(updates)
  }

  /// Runs it with the words of one line; no quoting.
  public func callAsFunction(_ line: String) async throws -> Outcome {
    try await run(line.split(separator: " ").map(String.init))
  }
}
