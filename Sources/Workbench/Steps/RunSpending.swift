import Basics
import Synchronization

/// What the steps of one run have spent of its limit: a run that asks and judges has one limit for both.
final class RunSpending: Sendable {
  /// In US dollars; nil for no limit.
  private let maximum: Double?
  private let spent = Mutex(0.0)

  init(maximum: Double?) { self.maximum = maximum }

  func add(_ cost: Double) { spent.withLock { $0 += cost } }

  /// What may still be spent; nil for no limit.
  /// - Throws: `HintedError` where nothing is left.
  func remaining() throws -> Double? {
    guard let maximum else { return nil }
    let left = maximum - spent.withLock { $0 }
    guard left > 0 else {
      throw HintedError(
        "the budget of \(ReadableUnits.dollars(maximum)) is spent",
        hint: "run the same command again to go on", status: .stopped)
    }
    return left
  }
}
