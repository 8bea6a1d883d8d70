import Evaluation
import Testing

/// Known answers come from a small reference in Python, written from the published definition.
@Suite("The Numenta score")
struct NumentaScoreTests {
  private typealias Labels = NumentaScore.Labels

  private static let one = Labels(rowCount: 100, windows: [50...59])

  @Test(
    "is known for one window of ten rows",
    arguments: [
      ([50], [100, 100, 100]),
      // 2 / (1 + e^-0.5) - 1 = 0.244919, of the 0.986614 at the left edge; (0.248242 + 1) / 2.
      ([59], [62.412077489, 62.412077489, 74.941384993]),
      ([20], [-5.5, -11, -3.666666667]),
      ([69], [-5.457638644, -10.915277288, -3.638425763]),
      ([59, 55, 20, 69], [82.031989701, 71.074351057, 88.021326468]),
      // From three widths behind on, each costs the whole weight.
      ([89, 90], [-11, -22, -7.333333333]),
      // The first 15 rows are not counted.
      ([10, 14], [0, 0, 0]),
    ])
  func known(detections: [Int], scores: [Double]) {
    for (profile, expected) in zip(NumentaScore.Profile.all, scores) {
      let score = NumentaScore.score([(Self.one, detections)], by: profile)
      #expect(abs(score - expected) < 1e-8, "\(profile.name): \(score)")
    }
  }

  @Test("is known for two series, of which one has a window of one row")
  func several() {
    let series = [
      (Labels(rowCount: 7000, windows: [800...900, 3000...3100]), [749, 750, 820, 870, 901, 1500, 3050, 3101, 6999]),
      (Labels(rowCount: 400, windows: [100...100, 200...249]), [60, 100, 101, 230, 240, 260, 300, 399]),
    ]
    for (profile, expected) in zip(NumentaScore.Profile.all, [84.779823204, 74.401396316, 89.853215469]) {
      let score = NumentaScore.score(series.map { (labels: $0.0, detections: $0.1.reversed()) }, by: profile)
      #expect(abs(score - expected) < 1e-8, "\(profile.name): \(score)")
    }
  }

  @Test("The probation is 15 %, of at most 5,000 rows")
  func probation() {
    #expect([99, 100, 1127, 4032, 5000, 22_695].map(NumentaScore.probation) == [14, 15, 169, 604, 750, 750])
  }

  @Test("is 0 for one who says nothing, and 100 for a perfect one, by every profile")
  func ends() {
    let labels = [Self.one, Labels(rowCount: 9000, windows: [1000...1800, 5000...5600])]
    for profile in NumentaScore.Profile.all {
      #expect(NumentaScore.score(labels.map { ($0, []) }, by: profile) == 0)
      let perfect = labels.map { ($0, $0.windows.map(\.lowerBound)) }
      #expect(abs(NumentaScore.score(perfect, by: profile) - 100) < 1e-9)
    }
  }

  @Test("Alarms come at the first row of an excursion, and not again before the pause is over")
  func alarms() {
    let scores: [Double] = [0, 5, 6, 1, 1, 5, 1, 1, 1, 5, 1]
    func alarms(_ pause: Int) -> [Int] { SeriesBaseline.alarms(in: scores, threshold: 5, pause: pause) }
    #expect(alarms(0) == [1, 2, 5, 9])
    #expect(alarms(2) == [1, 5, 9])
    #expect(alarms(3) == [1, 9])
    #expect(alarms(4) == [1])
  }

  @Test("Baselines are zero on what never moves, and large on a leap", arguments: SeriesBaseline.allCases)
  func baselines(baseline: SeriesBaseline) {
    let still = (0..<400).map { _ in Double?.some(7) }
    #expect(baseline.scores(of: still, normalCount: 100).allSatisfy { $0 == 0 })
    var leaping = (0..<400).map { Double?.some($0.isMultiple(of: 2) ? 1 : -1) }
    leaping[300] = 11
    leaping[301] = nil
    let scores = baseline.scores(of: leaping, normalCount: 100)
    #expect(scores[300] > 8 && scores[301] == 0)
    #expect(scores[200..<300].allSatisfy { $0 < 2 })
  }

  @Test("Limits are deviations from the normal part's mean")
  func limits() {
    let values: [Double?] = [1, 3, nil, 1, 3, 8, 2]
    #expect(SeriesBaseline.limits.scores(of: values, normalCount: 5) == [1, 1, 0, 1, 1, 6, 0])
  }
}
