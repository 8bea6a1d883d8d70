import Foundation
import Subprocess
import SystemPackage
import Testing

extension AlambicCommand {
  /// Runs a command that serves, on a port of its own, asks it, and ends it with SIGTERM.
  /// - Parameters:
  ///   - model: the name that requests give.
  ///   - descriptors: how many the process may have.
  /// - Returns: what it left.
  public func serve(
    _ arguments: [String], model: String, descriptors: Int = 1024, environment: [String: String] = [:],
    _ body: (LoopbackClient) async throws -> Void
  ) async throws -> Outcome {
    let client = LoopbackClient(port: try LoopbackSocket.freePort(), model: model)
    let words =
      ["-c", "ulimit -n \(descriptors) && exec \"$@\"", "bash", Self.program] + arguments + [
        "--port", "\(client.port)",
      ]
    let result = try await Subprocess.run(
      .path("/bin/bash"), arguments: Arguments(words), environment: Self.environment(environment),
      workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20)
    ) { execution in
      do {
        try await client.waitUntilReady()
        try await body(client)
      } catch {
        try? execution.send(signal: .kill)
        throw error
      }
      try? execution.send(signal: .terminate)
    }
    return Outcome(result)
  }
}

extension LoopbackClient {
  /// Waits until the server answers, half a minute at most.
  fileprivate func waitUntilReady() async throws {
    let end = ContinuousClock.now + .seconds(30)
    while (try? await get("/health"))?.status != 200 {
      try #require(ContinuousClock.now < end, "nothing answers on port \(port)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
