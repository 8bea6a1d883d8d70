/// The same work measured several times: other work on the machine only ever slows it down, so the best is closest to
/// what the code takes, and the median says how far the others are.
public struct Rounds: Hashable, Codable, Sendable {
  public var best: Double
  public var median: Double
  public var count: Int

  /// Of rates, where more is better.
  init(rates: [Double]) { self.init(rates, best: rates.max() ?? 0) }
  /// Of times, where less is better.
  package init(times: [Double]) { self.init(times, best: times.min() ?? 0) }

  private init(_ values: [Double], best: Double) {
    let sorted = values.sorted()
    self.best = best
    count = values.count
    median = sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
