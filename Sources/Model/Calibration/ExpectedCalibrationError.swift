/// The expected calibration error: bins of equal width over 0…1, and the mean over all points of the distance between
/// their bin's accuracy and its mean confidence (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural
/// Networks", ICML 2017).
/// - Parameters:
///   - weights: how often each point counts.
///   - binCount: 15 in the paper.
package func expectedCalibrationError(
  confidences: [Double], correct: [Bool], weights: [Int], binCount: Int = 15
) -> Double {
  var bins = [(confidence: Double, correct: Double)](repeating: (0, 0), count: binCount)
  var total = 0.0
  for index in confidences.indices where weights[index] > 0 {
    let weight = Double(weights[index])
    let bin = min(max(Int(confidences[index] * Double(binCount)), 0), binCount - 1)
    bins[bin].confidence += weight * confidences[index]
    bins[bin].correct += correct[index] ? weight : 0
    total += weight
  }
  return bins.reduce(0) { $0 + abs($1.correct - $1.confidence) } / total
}

/// Turns a score into a probability of being right: bins of as many points each as the others, and their accuracies
/// made to rise with the score by pooling neighbours that do not (the pool-adjacent-violators algorithm, as Zadrozny
/// and Elkan, "Transforming Classifier Scores into Accurate Multiclass Probability Estimates", KDD 2002, use it).
package struct MonotoneBins: Sendable {
  /// The smallest score of every bin but the first, ascending.
  private var bounds: [Double] = []
  private var accuracies: [Double] = []

  /// - Parameter binCount: how many bins there are before pooling.
  package init(scores: [Double], correct: [Bool], binCount: Int = 15) {
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var pools: [(lowest: Double, correct: Double, count: Double)] = []
    for bin in 0..<binCount {
      let points = order[(bin * order.count / binCount)..<((bin + 1) * order.count / binCount)]
      guard let first = points.first else { continue }
      pools.append((scores[first], Double(points.count { correct[$0] }), Double(points.count)))
      while pools.count > 1, let last = pools.last {
        let previous = pools[pools.count - 2]
        // Points of one score belong to one bin.
        let isSplit = previous.lowest == last.lowest
        guard isSplit || previous.correct * last.count >= last.correct * previous.count else { break }
        pools.removeLast(2)
        pools.append((previous.lowest, previous.correct + last.correct, previous.count + last.count))
      }
    }
    bounds = pools.dropFirst().map(\.lowest)
    accuracies = pools.map { $0.correct / $0.count }
  }

  /// The accuracy of the bin that a score falls into.
  package func callAsFunction(_ score: Double) -> Double {
    let bin = bounds.firstIndex { score < $0 } ?? bounds.count
    return accuracies.isEmpty ? 0 : accuracies[bin]
  }
}
