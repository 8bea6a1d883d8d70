import Lineage

/// Spaces requests out, for all of a run together: by the profile's requests and tokens a minute, by what the server
/// says, and by how many it takes at once.
///
/// In flight are at first a few; each answer allows one more, until the server says "too many". Then half as many are
/// allowed, and each answer allows a fraction of one more (AIMD: Chiu and Jain, 1989).
actor Pacer {
  /// Requests that a run starts with.
  static let firstInFlightCount = 4

  private let pace: TeacherProfile.Pace
  private let interval: Duration
  private var nextStart = ContinuousClock.now
  private var allowed: Double
  private var hasBeenLimited = false
  /// When the wait of the last "too many" ends: what comes of requests sent before it says nothing new.
  private var limitedUntil = ContinuousClock.now
  private var limitCount = 0
  private var lastSuccess = ContinuousClock.now
  /// Since the last answer.
  private var faultCount = 0
  /// Whether the one request is under way that finds out if a server is up again.
  private var isProbing = false
  /// Means of what answers took, for pacing by tokens.
  private var meanTokenCount: Double?

  init(_ pace: TeacherProfile.Pace) {
    self.pace = pace
    interval = pace.requestsPerMinute.map { .seconds(60) / $0 } ?? .zero
    allowed = Double(min(pace.maxInFlight, Self.firstInFlightCount))
  }

  /// How many requests may be under way.
  var inFlightLimit: Int { max(1, min(pace.maxInFlight, Int(allowed))) }

  /// Waits for the next free moment.
  /// - Parameter tokenCount: the most that the request can take.
  /// - Throws: `CancellationError`, also when `stop` was raised: the request must not start any more.
  func waitForTurn(tokenCount: Int = 0, unless stop: StopSignal) async throws {
    while true {
      let start = max(nextStart, .now)
      let before = nextStart
      guard try await stop.sleep(seconds: (start - .now) / .seconds(1)) else { throw CancellationError() }
      // A pause may have come while this one waited: it holds for it, too.
      guard nextStart == before || nextStart <= .now else { continue }
      if isBroken {
        guard !isProbing else {
          _ = try await stop.sleep(seconds: Self.probeSeconds)
          continue
        }
        isProbing = true
      }
      nextStart = max(nextStart, .now) + gap(tokenCount: tokenCount)
      return
    }
  }

  private func gap(tokenCount: Int) -> Duration {
    guard let tokensPerMinute = pace.tokensPerMinute else { return interval }
    let tokens = min(Double(tokenCount), meanTokenCount ?? Double(tokenCount))
    return max(interval, .seconds(60 * tokens / Double(tokensPerMinute)))
  }

  /// After a request whose turn came, whatever became of it.
  func end() { isProbing = false }

  /// Whether the server is taken for down.
  private var isBroken: Bool { faultCount >= Self.breakingFaultCount }

  /// How often those that wait look whether it is up again.
  private static let probeSeconds = 0.05

  /// An answer came.
  func succeed(tokenCount: Int) {
    lastSuccess = .now
    (limitCount, faultCount) = (0, 0)
    meanTokenCount = (meanTokenCount ?? Double(tokenCount)) * 0.9 + Double(tokenCount) * 0.1
    allowed = min(Double(pace.maxInFlight), allowed + (hasBeenLimited ? 1 / max(1, allowed) : 1))
  }

  /// The server said "too many": nobody sends anything for a while.
  /// - Parameters:
  ///   - serverDelay: seconds, where the server said how long.
  ///   - backOff: seconds to wait after so many limits in a row, where it did not.
  /// - Returns: seconds from now.
  func limit(serverDelay: Double?, backOff: (Int) -> Double) -> Double {
    if ContinuousClock.now >= limitedUntil {
      limitCount += 1
      hasBeenLimited = true
      allowed = max(1, allowed / 2)
    }
    let delay = serverDelay ?? backOff(limitCount)
    limitedUntil = max(limitedUntil, .now + .seconds(delay))
    nextStart = max(nextStart, limitedUntil)
    return max(delay, (limitedUntil - .now) / .seconds(1))
  }

  /// A request failed and will be tried again. After a few in a row without an answer the server is taken for down: the
  /// next request goes alone, after the pause, and only its answer lets others follow (a circuit breaker: Nygard,
  /// "Release It!", 2007).
  func fault(delay: Double) {
    faultCount += 1
    guard isBroken else { return }
    allowed = 1
    pause(seconds: delay)
  }

  /// Faults in a row that break the circuit.
  static let breakingFaultCount = 5

  /// Keeps new requests back for a while.
  func pause(seconds: Double) {
    nextStart = max(nextStart, .now + .seconds(seconds))
  }

  /// Seconds in which nothing was answered.
  var secondsWithoutAnswer: Double { (ContinuousClock.now - lastSuccess) / .seconds(1) }
}
