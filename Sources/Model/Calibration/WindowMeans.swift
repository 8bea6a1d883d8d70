/// The mean of a score over each window, in the order of the text.
public func windowMeans(_ predictions: [BytePrediction], _ score: (BytePrediction) -> Double) -> [Double] {
  var (means, start) = ([Double](), 0)
  while start < predictions.count {
    let window = predictions[start...].prefix { $0.window == predictions[start].window }
    means.append(window.reduce(0) { $0 + score($1) } / Double(window.count))
    start = window.endIndex
  }
  return means
}

/// The area under the ROC curve: the probability that a positive has the larger value than a negative, equal ones
/// counting half (Mann and Whitney's U over the number of pairs).
public func areaUnderROC(negatives: [Double], positives: [Double]) -> Double {
  let all = negatives + positives
  let ranks = WeightedPoints(all).ranks([Int](repeating: 1, count: all.count))
  let rankSum = ranks.suffix(positives.count).reduce(0, +)
  let smallest = Double(positives.count) * Double(positives.count + 1) / 2
  return (rankSum - smallest) / (Double(negatives.count) * Double(positives.count))
}
