/// The risk–coverage curve of a score: answering only the share of predictions that have the highest scores, how many
/// of them are wrong (El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010; the
/// area below it as Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017, and later
/// work take it).
package struct RiskCoverage {
  private let points: WeightedPoints
  private let isWrong: [Bool]

  /// - Parameter scores: higher is surer.
  package init(scores: [Double], correct: [Bool]) {
    points = WeightedPoints(scores)
    isWrong = correct.map { !$0 }
  }

  /// The mean over all coverages 1/n … n/n of the share of wrong predictions among those that are answered. Of equal
  /// scores each order is as likely, so their mean is taken.
  /// - Parameter weights: how often each point counts.
  package func area(_ weights: [Int]) -> Double {
    var (answered, wrong, sum) = (0.0, 0.0, 0.0)
    for tie in points.ties.reversed() {
      var (count, wrongOnes) = (0, 0)
      for point in points.order[tie] {
        count += weights[point]
        wrongOnes += isWrong[point] ? weights[point] : 0
      }
      for place in 0..<count {
        let share = Double(place + 1) / Double(count)
        sum += (wrong + share * Double(wrongOnes)) / (answered + Double(place + 1))
      }
      answered += Double(count)
      wrong += Double(wrongOnes)
    }
    return sum / answered
  }
}
