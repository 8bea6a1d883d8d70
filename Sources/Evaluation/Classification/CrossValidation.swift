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
    /// The threshold that was chosen: of n-grams as the logarithm of the odds, of a student in nats above the others.
    public var threshold: Double
  }

  /// Fits a classifier on texts; what it returns is asked about others, and says of each how likely its labels are.
  public typealias Fit = ([NgramFitter.Example]) throws -> ([String]) throws -> [LabelledPrediction]

  public var folds: Int
  public var repeats: Int
  /// The share of texts with a label that may be refused.
  public var falseRefusals: Double
  /// Which of the even ways to deal texts; the next repeats have the next ones.
  public var seed: UInt64

  public init(folds: Int = 5, repeats: Int = 1, falseRefusals: Double = 0.05, seed: UInt64 = 0) {
    (self.folds, self.repeats, self.falseRefusals, self.seed) = (folds, repeats, falseRefusals, seed)
  }

  /// - Returns: figures, and the threshold that they lead to, in the unit of the predictions' sureness.
  /// - Throws: `HintedError` for labels with too few texts, and what `fit` throws.
  public func run(_ examples: [NgramFitter.Example], labels: [String], fit: Fit) throws -> Report {
    var right: [Double] = []
    var macroF1: [Double] = []
    var best: [(score: Double, isKnown: Bool)] = []
    for round in 0..<repeats {
      let dealt = try Folds(
        texts: examples.map(\.text), labels: examples.map { $0.label.map { labels[$0] } }, count: folds,
        seed: seed &+ UInt64(round))
      for fold in 0..<folds {
        let ask = try fit(examples.indices.filter { dealt.fold[$0] != fold }.map { examples[$0] })
        let asked = examples.indices.filter { dealt.fold[$0] == fold }.map { examples[$0] }
        let predictions = zip(asked, try ask(asked.map(\.text))).map { example, prediction in
          LabelledPrediction(
            expected: example.label, probabilities: prediction.probabilities, sureness: prediction.sureness)
        }
        best += predictions.map { ($0.refusalScore, $0.expected != nil) }
        let report = ClassificationReport(names: labels, predictions)
        right.append(report.right.share)
        macroF1.append(report.macroF1)
      }
    }
    let known = best.filter(\.isKnown).map(\.score).sorted()
    let threshold = known.isEmpty ? 0 : known[min(known.count - 1, Int(falseRefusals * Double(known.count)))]
    let strangers = best.filter { !$0.isKnown }
    return Report(
      folds: folds, repeats: repeats, right: Spread(right), macroF1: Spread(macroF1),
      falseRefusals: known.isEmpty ? 0 : Double(known.count { $0 < threshold }) / Double(known.count),
      refused: strangers.isEmpty
        ? nil : Proportion(rightCount: strangers.count { $0.score < threshold }, count: strangers.count),
      threshold: threshold)
  }

  /// The same of classifiers of n-grams, with the threshold as their files hold it.
  public func run(
    _ examples: [NgramFitter.Example], labels: [String], ngrams settings: NgramFitter.Settings
  ) throws -> (report: Report, threshold: Int32) {
    var report = try run(examples, labels: labels) { rest in
      let classifier = NgramClassifier(try NgramFitter(settings).fit(rest, labels: labels))
      return { $0.map { LabelledPrediction(expected: nil, scores: classifier.scores(of: $0)) } }
    }
    let threshold = Int32(report.threshold)
    report.threshold /= NgramImage.one
    return (report, threshold)
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
