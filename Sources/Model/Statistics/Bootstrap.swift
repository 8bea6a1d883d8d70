import Basics

/// A range that holds a statistic with a stated confidence.
public struct ConfidenceInterval: Hashable, Codable, Sendable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// The percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13): the statistic
/// of many samples, each of `count` units drawn with replacement from the `count` that there are, and the central share
/// of its values.
///
/// A unit is what is independent of the others: a window of text rather than a byte of it. The same count, resamples
/// and seed draw the same samples whatever the statistic is, so the statistics of two calls may be compared sample by
/// sample.
/// - Parameters:
///   - count: how many units there are.
///   - resamples: how many samples are drawn; 1000 or more for an interval of 95 %.
///   - confidence: the share of the samples that the interval holds, such as 0.95.
///   - statistic: of one sample, as the indices of its units, in `0 ..< count`, in the order in which they were drawn.
/// - Returns: nil where there is no unit, or where the statistic of no sample is finite; samples whose statistic is not
///   finite are left out.
public func bootstrapInterval(
  count: Int, resamples: Int, seed: UInt64, confidence: Double = 0.95, statistic: ([Int]) throws -> Double
) rethrows -> ConfidenceInterval? {
  guard count > 0, resamples > 0 else { return nil }
  var generator = SeededGenerator(seed: seed)
  var sample = [Int](repeating: 0, count: count)
  var values: [Double] = []
  for _ in 0..<resamples {
    for place in sample.indices { sample[place] = generator.below(count) }
    let value = try statistic(sample)
    if value.isFinite { values.append(value) }
  }
  guard !values.isEmpty else { return nil }
  values.sort()
  let tail = (1 - confidence) / 2
  return ConfidenceInterval(lower: quantile(tail, ofSorted: values), upper: quantile(1 - tail, ofSorted: values))
}

/// The quantile at a share in 0…1, linear between neighbours: definition 7 of Hyndman and Fan, "Sample Quantiles in
/// Statistical Packages", 1996, which is also NumPy's.
/// - Parameter values: ascending, at least one.
public func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
  let place = min(max(share, 0), 1) * Double(values.count - 1)
  let below = Int(place)
  let above = min(below + 1, values.count - 1)
  return values[below] + (place - Double(below)) * (values[above] - values[below])
}
