import Subprocess
import SystemPackage

extension AlambicCommand {
  /// How a run is made to end.
  public enum Ending: Sendable {
    /// SIGKILL: no chance to save anything.
    case killed
    /// SIGINT: what Ctrl-C sends.
    case interrupted
    /// SIGTERM: what a system sends before it goes down.
    case terminated

    var signal: Signal {
      switch self {
      case .killed: .kill
      case .interrupted: .interrupt
      case .terminated: .terminate
      }
    }
  }

  /// Starts it, waits for `moment` to pass, and ends it unless it has ended by itself.
  /// - Returns: what it left; its status is 128 + the signal's number when the signal ended it.
  public func run(
    _ arguments: [String], _ ending: Ending, environment: [String: String] = [:], after moment: () async throws -> Void
  ) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(Self.program)), arguments: Arguments(arguments), environment: Self.environment(environment),
      workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 26),
      error: .string(limit: 1 << 24)
    ) { execution in
      try await moment()
      // A run that is over already has nobody to send it to.
      try? execution.send(signal: ending.signal)
    }
    return Outcome(result)
  }
}
