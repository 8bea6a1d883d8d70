import Foundation

/// The score of the Numenta Anomaly Benchmark (Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms: the
/// Numenta Anomaly Benchmark", ICMLA 2015, arXiv:1510.03336), as its published scorer computes it.
///
/// In each labelled window the earliest detection counts, the more the earlier it comes; each detection outside costs,
/// the more the farther it is behind a window. Rows of the probation are not counted.
public enum NumentaScore {
  /// What detections and misses weigh.
  public struct Profile: Hashable, Sendable {
    public var name: String
    public var truePositive: Double
    public var falsePositive: Double
    public var falseNegative: Double

    public static let standard = Profile(
      name: "standard", truePositive: 1, falsePositive: 0.11, falseNegative: 1)
    public static let rewardLowFalsePositives = Profile(
      name: "reward low false positives", truePositive: 1, falsePositive: 0.22, falseNegative: 1)
    public static let rewardLowFalseNegatives = Profile(
      name: "reward low false negatives", truePositive: 1, falsePositive: 0.11, falseNegative: 2)
    public static let all = [standard, rewardLowFalsePositives, rewardLowFalseNegatives]
  }

  /// A series with its labelled windows.
  public struct Labels: Hashable, Sendable {
    public var rowCount: Int
    /// In order, none over another.
    public var windows: [ClosedRange<Int>]

    public init(rowCount: Int, windows: [ClosedRange<Int>]) {
      (self.rowCount, self.windows) = (rowCount, windows)
    }

    /// Rows that are not counted: 15 %, of at most 5,000.
    public var probation: Int { NumentaScore.probation(ofRows: rowCount) }

    /// Those that end behind the probation.
    var counted: [ClosedRange<Int>] { windows.filter { $0.upperBound >= probation } }
  }

  /// Rows of a series that are not counted: 15 %, of at most 5,000.
  public static func probation(ofRows count: Int) -> Int { min(count * 15 / 100, 750) }

  /// 1 far before the right edge of a window, 0 at it, -1 far behind.
  /// - Parameter position: in widths of the window, from its right edge.
  static func sigmoid(_ position: Double) -> Double { position >= 3 ? -1 : 2 / (1 + exp(5 * position)) - 1 }

  /// The sum over one series' windows and false detections.
  /// - Parameter detections: rows.
  static func sum(_ detections: some Sequence<Int>, of labels: Labels, by profile: Profile) -> Double {
    var best = Array(repeating: -profile.falseNegative, count: labels.counted.count)
    var sum = 0.0
    for row in Set(detections).sorted() where row >= labels.probation {
      if let index = labels.counted.firstIndex(where: { $0.contains(row) }) {
        let window = labels.counted[index]
        let position = -Double(window.upperBound - row + 1) / Double(window.count)
        best[index] = max(best[index], profile.truePositive * sigmoid(position) / sigmoid(-1))
      } else if let window = labels.windows.last(where: { $0.upperBound < row }), window.count > 1 {
        sum += profile.falsePositive * sigmoid(Double(row - window.upperBound) / Double(window.count - 1))
      } else {
        sum -= profile.falsePositive
      }
    }
    return sum + best.reduce(0, +)
  }

  /// What a detector gains on one series over one that never says anything.
  package static func gain(_ detections: [Int], of labels: Labels, by profile: Profile) -> Double {
    sum(detections, of: labels, by: profile) + profile.falseNegative * Double(labels.counted.count)
  }

  /// 0 for a detector that never says anything, 100 for one that says only the first row of each window.
  /// - Parameter gains: of each series.
  package static func score(gains: [Double], of series: [Labels], by profile: Profile) -> Double {
    let windowCount = Double(series.reduce(0) { $0 + $1.counted.count })
    guard windowCount > 0 else { return 0 }
    return 100 * gains.reduce(0, +) / (windowCount * (profile.truePositive + profile.falseNegative))
  }

  /// The same from the rows that were detected.
  public static func score(
    _ series: [(labels: Labels, detections: [Int])], by profile: Profile = .standard
  ) -> Double {
    let gains = series.map { gain($0.detections, of: $0.labels, by: profile) }
    return score(gains: gains, of: series.map(\.labels), by: profile)
  }
}
