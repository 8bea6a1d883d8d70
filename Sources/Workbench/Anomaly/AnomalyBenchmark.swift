import Basics
import Conversation
import Evaluation
import Foundation

/// Detectors on labelled series: students, and what one would take instead, in one run. Each learns from the part that
/// the Numenta benchmark does not count.
public struct AnomalyBenchmark: Sendable {
  /// The Numenta scores of one way to choose thresholds.
  public struct Scores: Codable, Sendable {
    public var standard: Double
    public var lowFalsePositives: Double
    public var lowFalseNegatives: Double
    /// In deviations; of the standard profile, and where there is one for all series.
    public var threshold: Double?

    /// - Parameter values: by profile.
    init(_ values: [Double], _ threshold: Double?) {
      (standard, lowFalsePositives, lowFalseNegatives) = (values[0], values[1], values[2])
      self.threshold = threshold
    }
  }

  /// What the usual threshold finds in one series.
  public struct Found: Codable, Sendable {
    public var series: String
    public var windowCount: Int
    public var foundCount: Int
    public var falseAlarmCount: Int
  }

  /// One detector with one seed.
  public struct Trial: Codable, Sendable {
    public var seed: UInt64?
    /// By the threshold that is the detector's default: no label was read.
    public var usual: Scores
    /// By the threshold that is best on the other series' labels.
    public var others: Scores
    /// By the one threshold that is best on these very labels, as in the published table.
    public var best: Scores
    public var found: [Found]
  }

  public struct Contestant: Codable, Sendable {
    public var name: String
    /// Of flash for one series, code not counted; the largest.
    public var byteCount: Int
    /// Of RAM; the largest.
    public var memoryByteCount: Int
    public var trials: [Trial]
  }

  public struct Answer: Codable, Sendable {
    public var schema = "alambic.anomaly-benchmark/1"
    public var seriesCount: Int
    public var windowCount: Int
    public var contestants: [Contestant]
  }

  /// The usual limit of a control chart is 3; 4 was better here.
  static let usualDeviations = 4.0

  public var series: [LabelledSeries]
  public var seeds: [UInt64]
  public var settings: AnomalyTraining.Settings

  public init(_ series: [LabelledSeries], seeds: [UInt64], settings: AnomalyTraining.Settings = .init()) {
    (self.series, self.seeds, self.settings) = (series, seeds, settings)
  }

  /// - Parameter progress: told of each student that was trained.
  /// - Throws: `HintedError` for a series that nothing can be learned from.
  public func run(progress: (String) -> Void = { _ in }) throws -> Answer {
    var contestants = [try students(progress)]
    for baseline in SeriesBaseline.allCases {
      let scores = series.map { baseline.scores(of: $0.file.values, normalCount: $0.labels.probation) }
      contestants.append(
        Contestant(
          name: baseline.rawValue, byteCount: baseline.byteCount, memoryByteCount: baseline.memoryByteCount,
          trials: [trial(scores, usual: Self.usualDeviations, seed: nil)]))
    }
    return Answer(
      seriesCount: series.count, windowCount: series.reduce(0) { $0 + $1.labels.windows.count },
      contestants: contestants)
  }

  private func students(_ progress: (String) -> Void) throws -> Contestant {
    var student = Contestant(name: "student", byteCount: 0, memoryByteCount: 0, trials: [])
    for seed in seeds {
      var settings = settings
      settings.seed = seed
      let scores = try series.map { series in
        settings.normalCount = series.labels.probation
        let outcome = try AnomalyTraining(settings).run(series.file.values, name: series.file.name)
        let image = try LoadedImage(outcome.image, path: series.file.name)
        let scoring = try AnomalyScoring(image, outcome.detector)
        let rows = try scoring.rows(of: series.file)
        student.byteCount = max(student.byteCount, outcome.image.count)
        student.memoryByteCount = max(
          student.memoryByteCount, try AnomalyScoring.memoryByteCount(of: outcome.image))
        progress(
          "\(series.file.name), seed \(seed): \(outcome.image.count) bytes, "
            + "\(outcome.heldOutBitsPerReading.rounded(toPlaces: 2)) bits a reading on held-out normal ones")
        return rows.map(\.deviations)
      }
      student.trials.append(trial(scores, usual: settings.deviations, seed: seed))
    }
    return student
  }

  private func trial(_ scores: [[Double]], usual: Double, seed: UInt64?) -> Trial {
    let gains = ThresholdGains(series.map(\.labels), scores, pause: settings.pause)
    let alarms = scores.map { SeriesBaseline.alarms(in: $0, threshold: usual, pause: settings.pause) }
    return Trial(
      seed: seed, usual: usualScores(alarms, usual), others: gains.othersScores, best: gains.bestScores,
      found: found(alarms))
  }

  private func usualScores(_ alarms: [[Int]], _ threshold: Double) -> Scores {
    let detections = zip(series, alarms).map { ($0.labels, $1) }
    return Scores(NumentaScore.Profile.all.map { NumentaScore.score(detections, by: $0) }, threshold)
  }

  private func found(_ alarms: [[Int]]) -> [Found] {
    zip(series, alarms).map { series, alarms in
      let rows = alarms.filter { $0 >= series.labels.probation }
      let windows = series.labels.windows
      return Found(
        series: URL(fileURLWithPath: series.file.name).lastPathComponent, windowCount: windows.count,
        foundCount: windows.count { window in rows.contains(where: window.contains) },
        falseAlarmCount: rows.count { row in !windows.contains { $0.contains(row) } })
    }
  }
}
