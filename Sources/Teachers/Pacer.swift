import Lineage

/// Spaces requests out: by the profile's requests a minute, and for everyone when a server asks to wait.
actor Pacer {
  private let interval: Duration
  private var nextStart = ContinuousClock.now

  init(_ pace: TeacherProfile.Pace) {
    interval = pace.requestsPerMinute.map { .seconds(60) / $0 } ?? .zero
  }

  /// Waits for the next free moment.
  /// - Throws: `CancellationError`, also when `stop` was raised: the request must not start any more.
  func waitForTurn(unless stop: StopSignal) async throws {
    let start = max(nextStart, .now)
    nextStart = start + interval
    guard try await stop.sleep(seconds: (start - .now) / .seconds(1)) else { throw CancellationError() }
  }

  /// Keeps new requests back for a while: after a 429, more of them would only meet the same answer.
  func pause(seconds: Double) {
    nextStart = max(nextStart, .now + .seconds(seconds))
  }
}
