import Subprocess
import SystemPackage

/// What a command of the system said.
public struct ToolResult: Sendable {
  public var status: Int32
  public var output: [UInt8]
  /// Standard error.
  public var messages: String
}

/// Runs a command of the system (`zstd`, `tar`, `sha256sum`) to its end: the second opinion on files of ours.
public func runTool(_ name: String, _ arguments: [String], in folder: String) async throws -> ToolResult {
  let result = try await Subprocess.run(
    .name(name), arguments: Arguments(arguments), workingDirectory: FilePath(folder), input: .none,
    output: .bytes(limit: 1 << 26), error: .string(limit: 1 << 20))
  let status: Int32 =
    switch result.terminationStatus {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  return ToolResult(status: status, output: result.standardOutput, messages: result.standardError)
}
