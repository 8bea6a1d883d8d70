import Basics

/// The differences between two students that were measured on the same windows, after trainings with the same seeds.
public struct PairedDifferences: Sendable {
  /// (seeds, windows): what one student's loss is above the other's.
  public let values: [[Double]]

  /// - Returns: nil where there is no seed, no window, or rows of different lengths.
  public init?(_ values: [[Double]]) {
    guard let first = values.first, !first.isEmpty, values.allSatisfy({ $0.count == first.count }) else { return nil }
    self.values = values
  }

  public var mean: Double {
    values.reduce(0) { $0 + $1.reduce(0, +) } / Double(values.count * values[0].count)
  }

  /// The percentile bootstrap of the mean. Seeds and windows are crossed, so each sample draws both, independently and
  /// with replacement: the interval then speaks of other seeds and other text of the same kind (Owen, "The pigeonhole
  /// bootstrap", 2007).
  ///
  /// With few seeds it is too narrow, since so few are seen to differ: 3 seeds show about two thirds of their variance.
  public func interval(resamples: Int, seed: UInt64, confidence: Double = 0.95) -> ConfidenceInterval {
    var generator = SeededGenerator(seed: seed)
    let (seedCount, windowCount) = (values.count, values[0].count)
    var drawn = [Int](repeating: 0, count: windowCount)
    var means: [Double] = []
    for _ in 0..<resamples {
      for place in drawn.indices { drawn[place] = generator.below(windowCount) }
      var sum = 0.0
      for _ in 0..<seedCount {
        let row = values[generator.below(seedCount)]
        for window in drawn { sum += row[window] }
      }
      means.append(sum / Double(seedCount * windowCount))
    }
    means.sort()
    let tail = (1 - confidence) / 2
    return ConfidenceInterval(lower: quantile(tail, ofSorted: means), upper: quantile(1 - tail, ofSorted: means))
  }
}
