import Basics
import Formats
import Foundation

/// What a classifier said of one text: how likely it finds each label.
public struct LabelledPrediction: Hashable, Sendable {
  /// Of the right label; nil for a text that has none of them.
  public var expected: Int?
  /// By label; they add up to 1, or to less where none of them may be right.
  public var probabilities: [Double]
  /// How sure it is that one of them is right, in any unit; nil where the likeliest label's share says so.
  public var sureness: Double?

  public init(expected: Int?, probabilities: [Double], sureness: Double? = nil) {
    self.expected = expected
    self.probabilities = probabilities
    self.sureness = sureness
  }

  /// The likeliest label; of equals the first.
  public var chosen: Int {
    probabilities.indices.max { (probabilities[$0], -$0) < (probabilities[$1], -$1) } ?? 0
  }

  public var confidence: Double { probabilities.isEmpty ? 0 : probabilities[chosen] }
  public var isRight: Bool { expected == chosen }
  /// What a threshold for refusing is compared with.
  var refusalScore: Double { sureness ?? confidence }
}

/// How good a classifier is on texts whose labels are known.
public struct ClassificationReport: Codable, Hashable, Sendable {
  public struct Label: Codable, Hashable, Sendable {
    public var name: String
    public var count: Int
    /// Of those that were said to have the label, the share that has it; 0 where none was.
    public var precision: Double
    /// Of those that have it, the share that was found.
    public var recall: Double
    public var f1: Double
  }

  /// One way of answering only where one is sure enough.
  public struct Operating: Codable, Hashable, Sendable {
    /// The least confidence for an answer.
    public var threshold: Double
    /// The share of texts that are answered.
    public var coverage: Double
    /// The share of wrong answers among them.
    public var risk: Double
  }

  public var right: Proportion
  /// The mean of the labels' F1, of those that are expected or chosen anywhere.
  public var macroF1: Double
  public var labels: [Label]
  /// By expected label, then by chosen one.
  public var confusion: [[Int]]
  /// Expected calibration error over ten bins of equal width (Guo et al., "On Calibration of Modern Neural Networks",
  /// ICML 2017), of the softmax over the labels.
  public var calibrationError: Double
  /// At coverages 1, 0.95, 0.9 and 0.8.
  public var operating: [Operating]

  /// - Parameters:
  ///   - names: of the labels.
  ///   - predictions: of texts with one of them each; others are passed over.
  public init(names: [String], _ predictions: [LabelledPrediction]) {
    let known = predictions.filter { $0.expected != nil }
    var confusion = Array(repeating: Array(repeating: 0, count: names.count), count: names.count)
    for prediction in known { confusion[prediction.expected ?? 0][prediction.chosen] += 1 }
    right = Proportion(rightCount: known.count { $0.isRight }, count: known.count)
    labels = names.indices.map { Self.label(names[$0], $0, confusion) }
    let isPresent = names.indices.map { index in
      confusion.contains { $0[index] > 0 } || confusion[index].contains { $0 > 0 }
    }
    let present = zip(labels, isPresent).filter(\.1).map(\.0.f1)
    macroF1 = present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
    self.confusion = confusion
    calibrationError = Self.calibrationError(known)
    operating = [1, 0.95, 0.9, 0.8].compactMap { Self.operating(known, coverage: $0) }
  }

  private static func label(_ name: String, _ index: Int, _ confusion: [[Int]]) -> Label {
    let (found, expected) = (confusion[index][index], confusion[index].reduce(0, +))
    let chosen = confusion.reduce(0) { $0 + $1[index] }
    let precision = chosen == 0 ? 0 : Double(found) / Double(chosen)
    let recall = expected == 0 ? 0 : Double(found) / Double(expected)
    let f1 = found == 0 ? 0 : 2 * precision * recall / (precision + recall)
    return Label(name: name, count: expected, precision: precision, recall: recall, f1: f1)
  }

  private static func calibrationError(_ predictions: [LabelledPrediction]) -> Double {
    let bins = Dictionary(grouping: predictions) { min(9, Int($0.confidence * 10)) }
    let gaps = bins.values.map { bin in
      abs(bin.reduce(0) { $0 + ($1.isRight ? 1 : 0) - $1.confidence })
    }
    return predictions.isEmpty ? 0 : gaps.reduce(0, +) / Double(predictions.count)
  }

  /// Answers the surest, as many as the coverage says.
  private static func operating(_ predictions: [LabelledPrediction], coverage: Double) -> Operating? {
    let sorted = predictions.sorted { $0.confidence > $1.confidence }
    let count = Int((coverage * Double(sorted.count)).rounded())
    guard count > 0 else { return nil }
    let threshold = sorted[count - 1].confidence
    let answered = sorted.filter { $0.confidence >= threshold }
    return Operating(
      threshold: threshold, coverage: Double(answered.count) / Double(sorted.count),
      risk: Double(answered.count { !$0.isRight }) / Double(answered.count))
  }
}

/// How well texts that have none of the labels are told from those that have one.
public struct OutOfScopeReport: Codable, Hashable, Sendable {
  /// Texts that are in scope are answered from this confidence on.
  public var threshold: Double
  /// The share of texts in scope that are refused wrongly, on the texts that the threshold was chosen on.
  public var falseRefusals: Double
  /// Texts out of scope that are refused.
  public var recall: Proportion

  /// Chooses the threshold on texts in scope, and measures it on others that are not.
  /// - Parameter falseRefusals: the share of texts in scope that may be refused.
  public init(inScope: [LabelledPrediction], outOfScope: [LabelledPrediction], falseRefusals: Double) {
    let sorted = inScope.map(\.refusalScore).sorted()
    let allowed = Int(falseRefusals * Double(sorted.count))
    // The first that must still be answered.
    let least = sorted.isEmpty ? 0 : sorted[min(allowed, sorted.count - 1)]
    threshold = least
    self.falseRefusals =
      sorted.isEmpty ? 0 : Double(sorted.count { $0 < least }) / Double(sorted.count)
    recall = Proportion(rightCount: outOfScope.count { $0.refusalScore < least }, count: outOfScope.count)
  }

  /// Measures a threshold that was chosen on other texts.
  public init(inScope: [LabelledPrediction], outOfScope: [LabelledPrediction], threshold: Double) {
    self.threshold = threshold
    let refused = inScope.count { $0.refusalScore < threshold }
    falseRefusals = inScope.isEmpty ? 0 : Double(refused) / Double(inScope.count)
    recall = Proportion(rightCount: outOfScope.count { $0.refusalScore < threshold }, count: outOfScope.count)
  }
}
