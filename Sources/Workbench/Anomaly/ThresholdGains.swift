import Evaluation

/// What a detector gains on each series by each of many thresholds.
struct ThresholdGains {
  /// In deviations.
  static let thresholds = (5...400).map { Double($0) / 10 }

  private let series: [NumentaScore.Labels]
  /// By profile, threshold and series.
  private let gains: [[[Double]]]

  init(_ series: [NumentaScore.Labels], _ scores: [[Double]], pause: Int) {
    self.series = series
    let alarms = Self.thresholds.map { threshold in
      scores.map { SeriesBaseline.alarms(in: $0, threshold: threshold, pause: pause) }
    }
    gains = NumentaScore.Profile.all.map { profile in
      alarms.map { zip($0, series).map { NumentaScore.gain($0, of: $1, by: profile) } }
    }
  }

  /// By the one threshold that is best on all series.
  var bestScores: AnomalyBenchmark.Scores {
    let best = gains.map { byThreshold in
      let index = Self.best(byThreshold.map { $0.reduce(0, +) })
      return (index, byThreshold[index])
    }
    return scores(best.map(\.1), Self.thresholds[best[0].0])
  }

  /// Each series by the threshold that is best on the others.
  var othersScores: AnomalyBenchmark.Scores {
    scores(
      gains.map { byThreshold in
        series.indices.map { own in
          let others = byThreshold.map { $0.reduce(0, +) - $0[own] }
          return byThreshold[Self.best(others)][own]
        }
      }, nil)
  }

  private func scores(_ gains: [[Double]], _ threshold: Double?) -> AnomalyBenchmark.Scores {
    AnomalyBenchmark.Scores(
      zip(gains, NumentaScore.Profile.all).map { NumentaScore.score(gains: $0, of: series, by: $1) }, threshold)
  }

  /// The lowest of the best.
  private static func best(_ values: [Double]) -> Int { values.firstIndex(of: values.max() ?? 0) ?? 0 }
}
