import Basics
import Formats
import Foundation
import Model

/// A classifier fitted on all texts but a fold, asked about that fold, for each fold: every text is asked once by a
/// classifier that has not read it. Several times with other folds, since which texts meet is chance, too.
public struct CrossValidation: Sendable {
  public struct Spread: Codable, Hashable, Sendable {
    public var mean: Double
    /// Of the folds; 0 of a single one.
    public var deviation: Double
    public var least: Double
    public var largest: Double

    public init(_ values: [Double]) {
      let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.mean = mean
      deviation = values.count < 2 ? 0 : (squares / Double(values.count - 1)).squareRoot()
      (least, largest) = (values.min() ?? 0, values.max() ?? 0)
    }
  }

  public struct Report: Codable, Hashable, Sendable {
    public var folds: Int
    public var repeats: Int
    /// The share of right labels, of each fold.
    public var right: Spread
    public var macroF1: Spread
    /// Of the texts with a label, those that fall below the threshold.
    public var falseRefusals: Double
    /// Of the texts without a label, those that do; nil where there are none.
    public var refused: Proportion?
    /// The threshold that was chosen, as the logarithm of the odds.
    public var threshold: Double
  }

  public var settings: NgramFitter.Settings
  public var folds: Int
  public var repeats: Int
  /// The share of texts with a label that may be refused.
  public var falseRefusals: Double

  public init(settings: NgramFitter.Settings, folds: Int = 5, repeats: Int = 1, falseRefusals: Double = 0.05) {
    (self.settings, self.folds, self.repeats, self.falseRefusals) = (settings, folds, repeats, falseRefusals)
  }

  /// - Returns: figures, and the threshold that they lead to.
  /// - Throws: `HintedError` for labels with too few texts.
  public func run(_ examples: [NgramFitter.Example], labels: [String]) throws -> (report: Report, threshold: Int32) {
    var right: [Double] = []
    var macroF1: [Double] = []
    var best: [(score: Int32, isKnown: Bool)] = []
    for round in 0..<repeats {
      let dealt = try Folds(
        texts: examples.map(\.text), labels: examples.map { $0.label.map { labels[$0] } }, count: folds,
        seed: settings.seed &+ UInt64(round))
      for fold in 0..<folds {
        let rest = examples.indices.filter { dealt.fold[$0] != fold }.map { examples[$0] }
        let classifier = NgramClassifier(try NgramFitter(settings).fit(rest, labels: labels))
        let asked = examples.indices.filter { dealt.fold[$0] == fold }.map { examples[$0] }
        let predictions = asked.map { LabelledPrediction(expected: $0.label, scores: classifier.scores(of: $0.text)) }
        best += zip(asked, predictions).map { (Int32($1.sureness ?? 0), $0.label != nil) }
        let report = ClassificationReport(names: labels, predictions)
        right.append(report.right.share)
        macroF1.append(report.macroF1)
      }
    }
    let known = best.filter(\.isKnown).map(\.score).sorted()
    let threshold = known.isEmpty ? 0 : known[min(known.count - 1, Int(falseRefusals * Double(known.count)))]
    let strangers = best.filter { !$0.isKnown }
    return (
      Report(
        folds: folds, repeats: repeats, right: Spread(right), macroF1: Spread(macroF1),
        falseRefusals: known.isEmpty ? 0 : Double(known.count { $0 < threshold }) / Double(known.count),
        refused: strangers.isEmpty
          ? nil : Proportion(rightCount: strangers.count { $0.score < threshold }, count: strangers.count),
        threshold: Double(threshold) / NgramImage.one), threshold
    )
  }
}

extension LabelledPrediction {
  /// What scores of `NgramClassifier` say: the shares of the labels among each other, and the best score as sureness.
  public init(expected: Int?, scores: [Int32]) {
    let largest = scores.max() ?? 0
    let weights = scores.map { exp(Double($0 - largest) / NgramImage.one) }
    let sum = weights.reduce(0, +)
    self.init(expected: expected, probabilities: weights.map { $0 / sum }, sureness: Double(largest))
  }
}
