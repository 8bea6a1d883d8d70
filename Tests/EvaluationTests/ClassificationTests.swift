import Basics
import Evaluation
import Formats
import Testing

@Suite("Classifiers' figures")
struct ClassificationTests {
  static func prediction(_ expected: Int?, _ probabilities: Double...) -> LabelledPrediction {
    LabelledPrediction(expected: expected, probabilities: probabilities)
  }

  /// What scikit-learn 1.5 says of y_true = [0,0,0,1,1,2,2,2,2,0], y_pred = [0,0,1,1,1,2,2,0,2,0].
  @Test("accuracy, precision, recall, F1 and confusion are scikit-learn's")
  func knownAnswer() {
    let expected = [0, 0, 0, 1, 1, 2, 2, 2, 2, 0]
    let chosen = [0, 0, 1, 1, 1, 2, 2, 0, 2, 0]
    let predictions = zip(expected, chosen).map { expected, chosen in
      LabelledPrediction(expected: expected, probabilities: (0..<3).map { $0 == chosen ? 0.8 : 0.1 })
    }
    let report = ClassificationReport(names: ["a", "b", "c"], predictions)
    #expect(report.right == Proportion(rightCount: 8, count: 10))
    #expect(report.confusion == [[3, 1, 0], [0, 2, 0], [1, 0, 3]])
    #expect(report.labels.map(\.count) == [4, 2, 4])
    func close(_ values: [Double], _ others: [Double]) -> Bool {
      zip(values, others).allSatisfy { abs($0 - $1) < 1e-9 }
    }
    #expect(close(report.labels.map(\.precision), [0.75, 2.0 / 3, 1]))
    #expect(close(report.labels.map(\.recall), [0.75, 1, 0.75]))
    #expect(close(report.labels.map(\.f1), [0.75, 0.8, 6.0 / 7]))
    #expect(abs(report.macroF1 - (0.75 + 0.8 + 6.0 / 7) / 3) < 1e-9)
    // All ten lie in one bin: 0.8 sure, 8 of 10 right.
    #expect(abs(report.calibrationError) < 1e-9)
  }

  @Test("a label that no text has counts in the mean of F1 only if an answer names it")
  func absentLabel() {
    func answer(_ expected: Int, _ chosen: Int) -> LabelledPrediction {
      LabelledPrediction(expected: expected, probabilities: (0..<3).map { $0 == chosen ? 0.8 : 0.1 }, sureness: 1)
    }
    let names = ["a", "b", "c"]
    #expect(ClassificationReport(names: names, [answer(0, 0), answer(1, 1)]).macroF1 == 1)
    let wrong = ClassificationReport(names: names, [answer(0, 0), answer(1, 1), answer(1, 2)])
    #expect(abs(wrong.macroF1 - (1 + 2.0 / 3 + 0) / 3) < 1e-9)
  }

  @Test("calibration is the gap between sureness and being right, by bin")
  func calibration() {
    // Two bins of two: 0.95 sure and half right; 0.55 sure and all right.
    let report = ClassificationReport(
      names: ["a", "b"],
      [
        Self.prediction(0, 0.95, 0.05), Self.prediction(1, 0.95, 0.05), Self.prediction(0, 0.55, 0.45),
        Self.prediction(1, 0.45, 0.55),
      ])
    #expect(abs(report.calibrationError - (0.45 + 0.45) / 2) < 1e-9)
  }

  @Test("answering only the surest leaves out what is wrong, where sureness knows it")
  func coverage() {
    let predictions = (0..<20).map { Self.prediction($0 < 18 ? 0 : 1, 1 - Double($0) / 50, Double($0) / 50) }
    let report = ClassificationReport(names: ["a", "b"], predictions)
    #expect(report.operating.map(\.coverage) == [1, 0.95, 0.9, 0.8])
    #expect(report.operating[0].risk == 0.1)
    #expect(report.operating[2].risk == 0 && report.operating[3].risk == 0)
    #expect(abs(report.operating[2].threshold - 0.66) < 1e-9)
  }

  @Test("a threshold refuses no more in scope than it may, and is measured on what is not")
  func outOfScope() {
    let inScope = (1...100).map { Self.prediction(0, Double($0) / 100, 0) }
    let strangers = [0.01, 0.05, 0.055, 0.06, 0.5].map { Self.prediction(nil, $0, 0) }
    let report = OutOfScopeReport(inScope: inScope, outOfScope: strangers, falseRefusals: 0.05)
    #expect(report.threshold == 0.06 && report.falseRefusals == 0.05)
    #expect(report.recall == Proportion(rightCount: 3, count: 5))
    let equal = OutOfScopeReport(
      inScope: Array(repeating: Self.prediction(0, 1, 0), count: 50), outOfScope: [Self.prediction(nil, 1, 0)],
      falseRefusals: 0.05)
    #expect(equal.falseRefusals == 0 && equal.recall.rightCount == 0)
  }

  @Test("nothing is no division by nothing")
  func empty() {
    let report = ClassificationReport(names: ["a", "b"], [])
    #expect(report.macroF1 == 0 && report.calibrationError == 0 && report.operating.isEmpty)
  }

  @Test("where sureness is said, it decides what is refused, and not what is chosen")
  func sureness() {
    let sure = LabelledPrediction(expected: 0, probabilities: [0.6, 0.4], sureness: 5)
    let unsure = LabelledPrediction(expected: nil, probabilities: [0.99, 0.01], sureness: -5)
    let report = OutOfScopeReport(inScope: [sure], outOfScope: [unsure], threshold: 0)
    #expect(report.falseRefusals == 0 && report.recall == Proportion(rightCount: 1, count: 1))
    let chosen = OutOfScopeReport(inScope: [sure, sure], outOfScope: [unsure], falseRefusals: 0.5)
    #expect(chosen.threshold == 5 && chosen.recall.rightCount == 1)
    #expect(sure.chosen == 0 && sure.confidence == 0.6)
  }
}
