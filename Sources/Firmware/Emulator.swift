import Basics
import Formats
import Foundation
import Lineage
import Subprocess

/// Runs a firmware in QEMU, on an emulated board, until it has answered.
public struct Emulator: Sendable {
  private let toolbox: Toolbox
  private let timeLimit: Duration

  /// - Parameter timeLimit: after it the emulator is ended.
  public init(toolbox: Toolbox = Toolbox(), timeLimit: Duration = .seconds(1800)) {
    self.toolbox = toolbox
    self.timeLimit = timeLimit
  }

  /// - Parameter folder: where the firmware leaves its transcript.
  /// - Throws: `HintedError` when QEMU is missing, takes too long, or the firmware stops with a fault.
  public func run(
    _ firmware: FirmwareImage, on board: Board, answering vectors: VerificationVectors, in folder: String
  ) async throws -> Transcript {
    let transcriptPath = "\(folder)/transcript.bin"
    try? FileManager.default.removeItem(atPath: transcriptPath)
    let outcome = try await toolbox.run(
      board.toolchain.emulator,
      board.emulatorArguments + [
        "-display", "none", "-serial", "none", "-monitor", "none", "-semihosting-config",
        "enable=on,target=native", "-kernel", firmware.path,
      ], in: folder, timeLimit: timeLimit)
    guard outcome.didSucceed else { throw RunnerFailure.error(of: outcome, on: board.name) }
    return try Transcript(
      reading: try AtomicFile.read(transcriptPath), name: transcriptPath, answering: vectors)
  }
}

/// Why the application stopped; its exit statuses are stated in firmware/README.md.
enum RunnerFailure {
  static func error(of outcome: Toolbox.Outcome, on place: String) -> HintedError {
    let said = (outcome.messages + outcome.output).split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
    switch outcome.status {
    case .exited(1): return HintedError("\(place) took a fault\(said)", status: .answerIsNo)
    case .exited(65): return HintedError("\(place) refuses the image or the vectors\(said)")
    case .exited(71):
      return HintedError(
        "\(place) has too little memory for this model and context\(said)", hint: "choose a shorter context",
        status: .unavailable)
    case .exited(let code):
      return HintedError("\(place) stopped with status \(code)\(said)", status: .internalFault)
    case .signaled(let signal):
      return HintedError("\(place) was ended by signal \(signal)\(said)", status: .internalFault)
    }
  }
}
