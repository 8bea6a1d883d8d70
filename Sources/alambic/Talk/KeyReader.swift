import Console

/// Keys from a terminal, one at a time, and Ctrl-C from among those that come while an answer is under way.
final class KeyReader {
  private let input: TerminalInput
  private var decoder = KeyDecoder()
  private var waiting: [UInt8] = []

  init(_ input: TerminalInput) { self.input = input }

  /// - Returns: nil when the terminal is gone.
  /// - Throws: `CancellationError` when the command is to stop.
  func next() throws -> Key? {
    while true {
      while !waiting.isEmpty {
        if let key = decoder.take(waiting.removeFirst()) { return key }
      }
      try Task.checkCancellation()
      switch input.read(waiting: 100) {
      case .bytes(let bytes): waiting = bytes
      case .nothing: break
      case .ended: return nil
      }
    }
  }

  /// Runs some work; Ctrl-C cancels it. What else is typed meanwhile is kept for the next line.
  func untilInterrupted<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await work() }
    let watch = Self.watch(input) { task.cancel() }
    let outcome = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    watch.cancel()
    waiting += await watch.value
    return try outcome.get()
  }

  /// Reads until it is cancelled.
  /// - Returns: what was typed, without Ctrl-C.
  private static func watch(
    _ input: TerminalInput, onInterrupt: @escaping @Sendable () -> Void
  ) -> Task<[UInt8], Never> {
    Task {
      var typed: [UInt8] = []
      while !Task.isCancelled {
        if case .bytes(let bytes) = input.read(waiting: 0) {
          if bytes.contains(interrupt) { onInterrupt() }
          for byte in bytes where byte != interrupt { typed.append(byte) }
        }
        try? await Task.sleep(for: .milliseconds(20))
      }
      return typed
    }
  }

  private static let interrupt: UInt8 = 0x03
}
