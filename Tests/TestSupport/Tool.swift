import Foundation

/// What a command of the system said.
public struct ToolResult: Sendable {
  public var status: Int32
  public var output: [UInt8]
  /// Standard error.
  public var messages: String
}

/// Runs a command of the system (`zstd`, `tar`, `sha256sum`) to its end: the second opinion on files of ours.
public func runTool(_ name: String, _ arguments: [String], in folder: String) throws -> ToolResult {
  // Files rather than pipes: a pipe that nobody empties would stop the tool.
  let outputPath = "\(NSTemporaryDirectory())alambic-tool-\(UUID().uuidString)"
  let messagesPath = "\(outputPath).messages"
  defer {
    for path in [outputPath, messagesPath] { try? FileManager.default.removeItem(atPath: path) }
  }
  for path in [outputPath, messagesPath] { try Data().write(to: URL(fileURLWithPath: path)) }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [name] + arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
  process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: messagesPath))
  try process.run()
  process.waitUntilExit()
  return ToolResult(
    status: process.terminationStatus,
    output: Array(try Data(contentsOf: URL(fileURLWithPath: outputPath))),
    messages: String(decoding: try Data(contentsOf: URL(fileURLWithPath: messagesPath)), as: UTF8.self))
}
