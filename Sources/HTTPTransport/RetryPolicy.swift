import Basics
import Foundation

/// When to try a request again, and how long to wait: exponential back-off with jitter, unless the server says how
/// long.
public struct RetryPolicy: Hashable, Codable, Sendable {
  /// The first try included.
  public var maximumAttemptCount: Int
  public var firstDelaySeconds: Double
  /// How much longer each wait is than the one before.
  public var growth: Double
  public var maximumDelaySeconds: Double
  /// The share of a wait that chance may take away, so that clients do not return in step; in 0 ... 1.
  public var jitter: Double
  /// A server that asks for a longer wait ends the attempts.
  public var maximumServerDelaySeconds: Double
  /// The longest wait after "too many requests", which does not use up attempts: limits are often a minute's.
  public var maximumLimitDelaySeconds: Double
  /// So long nothing may be answered while the server says "too many", before that is an error.
  public var maximumLimitedSeconds: Double
  public var retriedStatuses: Set<Int>

  public init(
    maximumAttemptCount: Int = 6, firstDelaySeconds: Double = 0.5, growth: Double = 2, maximumDelaySeconds: Double = 30,
    jitter: Double = 0.5, maximumServerDelaySeconds: Double = 600, maximumLimitDelaySeconds: Double = 60,
    maximumLimitedSeconds: Double = 900, retriedStatuses: Set<Int> = Self.transientStatuses
  ) {
    self.maximumAttemptCount = maximumAttemptCount
    self.firstDelaySeconds = firstDelaySeconds
    self.growth = growth
    self.maximumDelaySeconds = maximumDelaySeconds
    self.jitter = jitter
    self.maximumServerDelaySeconds = maximumServerDelaySeconds
    self.maximumLimitDelaySeconds = maximumLimitDelaySeconds
    self.maximumLimitedSeconds = maximumLimitedSeconds
    self.retriedStatuses = retriedStatuses
  }

  public static let standard = RetryPolicy()

  /// Request time-out, conflict (a lock elsewhere), too many requests, server faults, and 529: Anthropic's
  /// "overloaded".
  public static let transientStatuses: Set<Int> = [408, 409, 429, 500, 502, 503, 504, 529]

  /// Seconds to wait after so many limits in a row, without jitter.
  public func limitDelay(_ count: Int) -> Double {
    min(2 * firstDelaySeconds * pow(growth, Double(max(0, count - 1))), maximumLimitDelaySeconds)
  }

  /// Seconds to wait after failed attempt `number` (from 1); nil when it was the last one, or when the server asks for
  /// more patience than the policy has.
  public func delay(
    afterAttempt number: Int, serverDelay: Double? = nil, using generator: inout SeededGenerator
  ) -> Double? {
    guard number < maximumAttemptCount else { return nil }
    if let serverDelay { return serverDelay <= maximumServerDelaySeconds ? serverDelay : nil }
    let full = min(firstDelaySeconds * pow(growth, Double(number - 1)), maximumDelaySeconds)
    return full * (1 - jitter * generator.unit())
  }
}
