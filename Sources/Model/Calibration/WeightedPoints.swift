/// Points, each counted so many times: what a sample of windows is. An order of the points that is found once serves
/// every sample, since a weight moves no point.
struct WeightedPoints {
  let values: [Double]
  /// Indices of the points, by ascending value.
  let order: [Int]
  /// The parts of `order` in which values are equal.
  let ties: [Range<Int>]

  init(_ values: [Double]) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ties: [Range<Int>] = []
    var start = 0
    for place in order.indices where place + 1 == order.count || values[order[place + 1]] != values[order[place]] {
      ties.append(start..<place + 1)
      start = place + 1
    }
    self.values = values
    self.order = order
    self.ties = ties
  }

  /// Each point's rank among all, equal values sharing the mean of their ranks.
  func ranks(_ weights: [Int]) -> [Double] {
    var ranks = [Double](repeating: 0, count: values.count)
    var before = 0
    for tie in ties {
      let count = order[tie].reduce(0) { $0 + weights[$1] }
      for point in order[tie] { ranks[point] = Double(before) + Double(count + 1) / 2 }
      before += count
    }
    return ranks
  }
}

/// Pearson's correlation of two lists, each pair counted `weights` times; NaN where one of them does not vary.
package func pearsonCorrelation(_ x: [Double], _ y: [Double], weights: [Int]) -> Double {
  var (count, xSum, ySum) = (0.0, 0.0, 0.0)
  for index in x.indices {
    let weight = Double(weights[index])
    (count, xSum, ySum) = (count + weight, xSum + weight * x[index], ySum + weight * y[index])
  }
  let (xMean, yMean) = (xSum / count, ySum / count)
  var (xx, xy, yy) = (0.0, 0.0, 0.0)
  for index in x.indices {
    let (weight, dx, dy) = (Double(weights[index]), x[index] - xMean, y[index] - yMean)
    (xx, xy, yy) = (xx + weight * dx * dx, xy + weight * dx * dy, yy + weight * dy * dy)
  }
  return xy / (xx * yy).squareRoot()
}

/// Spearman's: Pearson's of the ranks, equal values sharing their mean rank.
package func spearmanCorrelation(_ x: [Double], _ y: [Double]) -> Double {
  let weights = [Int](repeating: 1, count: x.count)
  return pearsonCorrelation(WeightedPoints(x).ranks(weights), WeightedPoints(y).ranks(weights), weights: weights)
}
