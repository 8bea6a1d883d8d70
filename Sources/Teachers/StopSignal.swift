import Synchronization

/// Says that no new request may start; those under way are awaited, since they may be charged.
final class StopSignal: Sendable {
  private let raised = Atomic<Bool>(false)

  var isRaised: Bool { raised.load(ordering: .acquiring) }
  func raise() { raised.store(true, ordering: .releasing) }

  /// Sleeps, but notices within a quarter of a second that it is no use any more.
  /// - Returns: whether to go on: false once the signal is raised.
  /// - Throws: `CancellationError`.
  func sleep(seconds: Double) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !isRaised, .now < end { try await Task.sleep(for: min(end - .now, .milliseconds(250))) }
    return !isRaised
  }
}
