import Formats

/// How fast a run goes on this machine: what a budget of time is turned into steps by.
public struct TrainingSpeed: Hashable, Sendable {
  public var secondsPerStep: Double
  /// Of the held-out text, which is part of a budget, too.
  public var secondsPerEvaluation: Double

  public init(secondsPerStep: Double, secondsPerEvaluation: Double) {
    self.secondsPerStep = secondsPerStep
    self.secondsPerEvaluation = secondsPerEvaluation
  }

  /// What so many steps take, with an evaluation at every interval and after the last.
  public func seconds(ofSteps count: Int, evaluationInterval: Int) -> Double {
    let evaluations = (count + evaluationInterval - 1) / evaluationInterval
    return Double(count) * secondsPerStep + Double(evaluations) * secondsPerEvaluation
  }

  /// The most steps that take no longer, within the limits of a run; 0 where there is no room for one.
  public func stepCount(within seconds: Double, evaluationInterval: Int) -> Int {
    // Time rises with steps, so the border is found by halving.
    var (low, high) = (0, TrainingSettings.stepCounts.upperBound)
    while low < high {
      let middle = (low + high + 1) / 2
      if self.seconds(ofSteps: middle, evaluationInterval: evaluationInterval) <= seconds {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low
  }
}

extension Trainer {
  /// Measures its own speed by steps that nobody keeps: the trainer is used up.
  /// - Parameters:
  ///   - limit: about how many seconds the steps may take; there is at least one of each kind.
  ///   - now: a clock in seconds.
  /// - Throws: as `advance` does.
  public func measuredSpeed(limit: Double, now: () -> Double) throws -> TrainingSpeed {
    let start = now()
    for _ in 0..<Self.unmeasuredStepCount where now() - start < limit { _ = try advance() }
    let evaluationStart = now()
    _ = try heldOutLoss()
    let stepStart = now()
    var (count, end) = (0, stepStart)
    repeat {
      try Task.checkCancellation()
      _ = try advance()
      (count, end) = (count + 1, now())
    } while end - stepStart < limit
    return TrainingSpeed(
      secondsPerStep: (end - stepStart) / Double(count), secondsPerEvaluation: stepStart - evaluationStart)
  }

  /// The first steps find memory and caches cold.
  private static var unmeasuredStepCount: Int { 10 }
}
